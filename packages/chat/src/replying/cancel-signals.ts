import type { CancelFeed } from '../shared/index.ts'

/** Watches for the cancellations of the replies that this process writes. */
export interface CancelSignals {
  watch(message_id: string, onCancel: () => void): { stop(): void }
}

export function createCancelSignals(feed: CancelFeed): CancelSignals {
  const listenersByReply = new Map<string, Set<() => void>>()
  feed.onCancel((message_id) => {
    for (const onCancel of listenersByReply.get(message_id) ?? []) onCancel()
  })
  return {
    watch(message_id, onCancel) {
      const listeners = listenersByReply.get(message_id) ?? new Set()
      listenersByReply.set(message_id, listeners.add(onCancel))
      return {
        stop() {
          listeners.delete(onCancel)
          // If `stop` is called twice, a later watch of the reply may have begun a new set.
          if (listeners.size === 0 && listenersByReply.get(message_id) === listeners)
            listenersByReply.delete(message_id)
        },
      }
    },
  }
}
