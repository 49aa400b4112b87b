import type { Items } from '../../src/shared/items.ts'

/** Returns a page of a sorted list; the cursor is the key of the last item of the previous page. */
export function paginate<T>(
  items: T[],
  toKey: (item: T) => string,
  query: { cursor?: string; limit: number },
): Items<T> {
  const start = query.cursor === undefined ? 0 : items.findIndex((item) => toKey(item) === query.cursor) + 1
  const rest = query.cursor !== undefined && start === 0 ? [] : items.slice(start)
  const page = rest.slice(0, query.limit)
  const last = page.at(-1)
  return { items: page, next_cursor: last && rest.length > query.limit ? toKey(last) : null }
}

/** Sorts the newest first; the id decides between two items of the same millisecond. */
export function sortNewestFirst<T extends { created_at: string }>(items: Iterable<T>, toKey: (item: T) => string): T[] {
  return [...items].sort((a, b) => compareText(b.created_at, a.created_at) || compareText(toKey(b), toKey(a)))
}

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
