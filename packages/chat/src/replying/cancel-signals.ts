import type { CancelFeed } from '../shared/index.ts'

/** Tells this worker which of the replies that it writes may have been cancelled. */
export interface CancelSignals {
  /** Calls `onCancel` at each hint that the reply was cancelled, until `stop` is called. Only MySQL's row counts. */
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
          // A second call of `stop` must not remove the set of a watch that began after the first call.
          if (listeners.size === 0 && listenersByReply.get(message_id) === listeners)
            listenersByReply.delete(message_id)
        },
      }
    },
  }
}
