import type { CancelFeed, Log, RoomFeed, RoomHint } from '@engineer-chat/chat/shared'
import type { Keys } from './connection/index.ts'
import { decodeMessage, encodeHint, type Publisher, type Subscriber } from './pubsub/index.ts'
import { readReplyText } from './streaming/index.ts'

export interface FeedContext {
  publisher: Publisher
  getSubscriber(): Subscriber
  keys: Keys
  nodeId: string
  log: Log
}

export function createRoomFeed({ publisher, getSubscriber, keys, nodeId, log }: FeedContext): RoomFeed {
  const hintListeners: Array<(event_id: string, hint: RoomHint) => void> = []
  const onMessage = (event_id: string, text: string) => {
    const envelope = decodeMessage(text, event_id)
    if (!envelope) return log.warn('EngineerChat.hint_malformed', { event_id, bytes: text.length })
    if (envelope.from === nodeId) return
    for (const listener of hintListeners) listener(event_id, envelope.hint)
  }
  const rightsListeners: Array<() => void> = []
  const onRightsMessage = () => {
    for (const listener of rightsListeners) listener()
  }
  return {
    subscribe: (event_id) => getSubscriber().subscribe(keys.room(event_id), (text) => onMessage(event_id, text)),
    unsubscribe: (event_id) => getSubscriber().unsubscribe(keys.room(event_id)),
    onHint: (listener) => void hintListeners.push(listener),
    onRightsChanged(listener) {
      rightsListeners.push(listener)
      void getSubscriber().subscribe(keys.rights, onRightsMessage)
    },
    onGap: (listener) => getSubscriber().onRestored(listener),
    publishHint(event_id, hint) {
      publisher.publish(keys.room(event_id), encodeHint(nodeId, hint))
    },
    findReplyText: (message_id) => readReplyText(publisher, keys, message_id),
  }
}

export function createCancelFeed({ getSubscriber, keys }: Pick<FeedContext, 'getSubscriber' | 'keys'>): CancelFeed {
  const listeners: Array<(message_id: string) => void> = []
  const onMessage = (message_id: string) => {
    for (const listener of listeners) listener(message_id)
  }
  return {
    onCancel(listener) {
      listeners.push(listener)
      void getSubscriber().subscribe(keys.cancel, onMessage)
    },
  }
}
