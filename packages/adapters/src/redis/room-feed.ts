import type { CancelFeed, Log, RoomFeed, RoomHint } from '@engineer-chat/chat/shared'
import type { Keys } from './connection/index.ts'
import type { Signer } from './installation/index.ts'
import { decodeMessage, decodeUnsigned, encodeHint, type Publisher, type Subscriber } from './pubsub/index.ts'
import { readReplyText } from './streaming/index.ts'

export interface FeedContext {
  publisher: Publisher
  getSubscriber(): Subscriber
  keys: Keys
  signer: Signer
  nodeId: string
  log: Log
}

export function createRoomFeed({ publisher, getSubscriber, keys, signer, nodeId, log }: FeedContext): RoomFeed {
  const hintListeners: Array<(event_id: string, hint: RoomHint) => void> = []
  const deliver = (event_id: string, hint: RoomHint) => {
    for (const listener of hintListeners) listener(event_id, hint)
  }
  const handleUnsigned = (event_id: string, text: string) => {
    const hint = decodeUnsigned(text)
    if (hint) deliver(event_id, hint)
  }
  const handleMessage = (event_id: string, text: string) => {
    const verified = signer.verify(keys.roomChannel(event_id), text)
    if (verified.trust === 'forged') return
    if (verified.trust === 'unsigned') return handleUnsigned(event_id, text)
    const envelope = decodeMessage(verified.json, event_id)
    if (!envelope) return log.warn('EngineerChat.hint_malformed', { event_id, bytes: text.length })
    if (envelope.from !== nodeId) deliver(event_id, envelope.hint)
  }
  const rightsListeners: Array<() => void> = []
  const reportRightsChange = () => {
    for (const listener of rightsListeners) listener()
  }
  return {
    subscribe: (event_id) =>
      getSubscriber().subscribe(keys.roomChannel(event_id), (text) => handleMessage(event_id, text)),
    unsubscribe: (event_id) => getSubscriber().unsubscribe(keys.roomChannel(event_id)),
    onHint: (listener) => void hintListeners.push(listener),
    onRightsChanged(listener) {
      rightsListeners.push(listener)
      void getSubscriber().subscribe(keys.rightsChannel, reportRightsChange)
    },
    onGap: (listener) => getSubscriber().onGap(listener),
    publishHint(event_id, hint) {
      publisher.publishSigned(keys.roomChannel(event_id), encodeHint(nodeId, hint))
    },
    findReplyText: (message_id) => readReplyText({ publisher, keys, signer }, message_id),
  }
}

export function createCancelFeed({ getSubscriber, keys }: Pick<FeedContext, 'getSubscriber' | 'keys'>): CancelFeed {
  const listeners: Array<(message_id: string) => void> = []
  const handleMessage = (message_id: string) => {
    for (const listener of listeners) listener(message_id)
  }
  return {
    onCancel(listener) {
      listeners.push(listener)
      void getSubscriber().subscribe(keys.cancelChannel, handleMessage)
    },
  }
}
