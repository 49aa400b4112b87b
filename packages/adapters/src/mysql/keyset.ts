import type { Items } from '@engineer-chat/chat'

/** A page of what was read with one row more than its limit; the cursor is the key of its last item. */
export function itemsOf<T>(items: T[], limit: number, key: (item: T) => string): Items<T> {
  const page = items.slice(0, limit)
  const last = page.at(-1)
  return { items: page, next_cursor: last && items.length > limit ? key(last) : null }
}
