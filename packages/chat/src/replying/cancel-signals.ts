import type { CancelFeed } from '../shared/index.ts'

/** Watches for the cancellations of the replies that this process writes. */
export interface CancelSignals {
  watch(message_id: string, onCancel: () => void): { stop(): void }
}

export function createCancelSignals(feed: CancelFeed): CancelSignals {
  const watched = new Map<string, Set<() => void>>()
  feed.onCancel((message_id) => {
    for (const look of watched.get(message_id) ?? []) look()
  })
  return {
    watch(message_id, look) {
      const looks = watched.get(message_id) ?? new Set()
      watched.set(message_id, looks.add(look))
      return {
        stop() {
          looks.delete(look)
          if (looks.size === 0 && watched.get(message_id) === looks) watched.delete(message_id)
        },
      }
    },
  }
}
