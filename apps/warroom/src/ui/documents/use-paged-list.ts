import { useLayoutEffect, useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useLoaded } from './use-loaded.ts'

interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}

interface PagedList<T> {
  /** Null means that the first page has not arrived yet. */
  items: readonly T[] | null
  errorKind: ErrorKind | null
  /** Null means that there is no further page. */
  loadMore: (() => void) | null
}

/** Loads the first page of a list, and loads it again when the key changes. `loadMore` loads the next page. */
export function usePagedList<T>(key: string, load: (page: { cursor?: string }) => Promise<Page<T>>): PagedList<T> {
  const messages = useMessages()
  const { value: firstPage, errorKind } = useLoaded(key, () => load({}))
  /** Holds the items of all later pages, the cursor of the last one, and the first page that they continue. */
  const [loadedLaterPages, setLoadedLaterPages] = useState<(Page<T> & { firstPage: Page<T> }) | null>(null)
  const shownFirstPage = useRef(firstPage)
  useLayoutEffect(() => {
    shownFirstPage.current = firstPage
  })
  if (!firstPage) return { items: null, errorKind, loadMore: null }
  const laterPages = loadedLaterPages?.firstPage === firstPage ? loadedLaterPages : null
  const cursor = (laterPages ?? firstPage).next_cursor
  const loadNextPage = (nextCursor: string) =>
    load({ cursor: nextCursor }).then(
      ({ items, next_cursor }) => {
        // A page of an earlier list may arrive while a new list is shown.
        if (shownFirstPage.current !== firstPage) return
        setLoadedLaterPages({ firstPage, items: [...(laterPages?.items ?? []), ...items], next_cursor })
      },
      (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return {
    items: [...firstPage.items, ...(laterPages?.items ?? [])],
    errorKind,
    loadMore: cursor === null ? null : () => void loadNextPage(cursor),
  }
}
