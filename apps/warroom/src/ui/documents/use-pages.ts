import { useLayoutEffect, useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useLoaded } from './use-loaded.ts'

interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}

interface Pages<T> {
  /** Null means that the first page has not arrived yet. */
  items: readonly T[] | null
  errorKind: ErrorKind | null
  /** Null means that there is no further page. */
  loadMore: (() => void) | null
}

/** Loads the first page of a list, and loads it again when the key changes. `loadMore` loads the next page. */
export function usePages<T>(key: string, load: (page: { cursor?: string }) => Promise<Page<T>>): Pages<T> {
  const messages = useMessages()
  const { value: first, errorKind } = useLoaded(key, () => load({}))
  /** Holds the items of all further pages, the cursor of the last one, and the first page that they continue. */
  const [loaded, setLoaded] = useState<(Page<T> & { first: Page<T> }) | null>(null)
  const shownFirst = useRef(first)
  useLayoutEffect(() => {
    shownFirst.current = first
  })
  if (!first) return { items: null, errorKind, loadMore: null }
  const furtherPages = loaded?.first === first ? loaded : null
  const cursor = (furtherPages ?? first).next_cursor
  const loadNextPage = (nextCursor: string) =>
    load({ cursor: nextCursor }).then(
      ({ items, next_cursor }) => {
        // A page of an earlier list may arrive while a new list is shown.
        if (shownFirst.current !== first) return
        setLoaded({ first, items: [...(furtherPages?.items ?? []), ...items], next_cursor })
      },
      (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return {
    items: [...first.items, ...(furtherPages?.items ?? [])],
    errorKind,
    loadMore: cursor === null ? null : () => void loadNextPage(cursor),
  }
}
