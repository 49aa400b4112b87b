import type { Items } from '@engineer-chat/chat/shared'
import { and, type Column, eq, lt, or, type SQL } from 'drizzle-orm'

/** Builds one page of a list. `rows` may have one row more than `limit`: then another page follows the last item. */
export function toItems<T>(rows: T[], limit: number, key: (item: T) => string): Items<T> {
  const page = rows.slice(0, limit)
  const lastItem = page.at(-1)
  return { items: page, next_cursor: lastItem && rows.length > limit ? key(lastItem) : null }
}

/**
 * Encodes the sort key of an item in a list that is sorted by time, then by id. A cursor that a caller invents reveals
 * nothing, because no stored row is looked up by it.
 */
export const toCursor = (created_at: string, id: string): string => `${created_at}_${id}`

/** Holds the sort key of the last item of a page. The next page begins after it. */
interface PageKey {
  created_at: string
  id: string
}

/** Matches what `toCursor` returns, for example `2026-01-31T12:00:00.123Z_event-7`. */
const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)_(.+)$/

export function fromCursor(cursor: string): PageKey | undefined {
  const [, created_at, id] = CURSOR.exec(cursor) ?? []
  return created_at !== undefined && id !== undefined ? { created_at, id } : undefined
}

/** Selects the rows after this key in a list that is sorted by these columns, the newest first. */
export const isAfterKey = (created_at: Column, id: Column, key: PageKey): SQL | undefined =>
  or(lt(created_at, key.created_at), and(eq(created_at, key.created_at), lt(id, key.id)))
