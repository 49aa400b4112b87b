import { useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useLoaded } from './use-loaded.ts'

interface Page<T> {
  items: readonly T[]
  next_cursor: string | null
}

interface Pages<T> {
  /** Is null until the first page has come. */
  items: readonly T[] | null
  errorKind: ErrorKind | null
  /** Is null behind the last page. */
  loadMore: (() => void) | null
}

/** Loads the first page of a list again when its key changes, and a further one when the reader asks for it. */
export function usePages<T>(key: string, load: (from: { cursor?: string }) => Promise<Page<T>>): Pages<T> {
  const messages = useMessages()
  const { value: first, errorKind } = useLoaded(key, () => load({}))
  const [further, setFurther] = useState<Page<T> | null>(null)
  useEffect(() => setFurther(null), [first])
  if (!first) return { items: null, errorKind, loadMore: null }
  const cursor = (further ?? first).next_cursor
  const loadFrom = (from: string) =>
    load({ cursor: from }).then(
      ({ items, next_cursor }) => setFurther({ items: [...(further?.items ?? []), ...items], next_cursor }),
      (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return {
    items: [...first.items, ...(further?.items ?? [])],
    errorKind,
    loadMore: cursor === null ? null : () => void loadFrom(cursor),
  }
}
