import type { Items } from '@engineer-chat/chat/shared'

/** A page of what was read with one row more than its limit; the cursor is the key of its last item. */
export function toItems<T>(items: T[], limit: number, key: (item: T) => string): Items<T> {
  const page = items.slice(0, limit)
  const last = page.at(-1)
  return { items: page, next_cursor: last && items.length > limit ? key(last) : null }
}

/** A place in a list that is sorted by time, then by id. It depends on nothing that is stored, and so tells nothing. */
export const toCursor = (created_at: string, id: string): string => `${created_at}_${id}`

export function fromCursor(cursor: string): { created_at: string; id: string } | undefined {
  const [, created_at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(.+)$/.exec(cursor) ?? []
  return created_at !== undefined && id !== undefined ? { created_at, id } : undefined
}
