import { useEffect, useState } from 'react'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'

export interface Loaded<T> {
  value: T | null
  errorKind: ErrorKind | null
}

/**
 * Loads a value again when its key changes, and cancels the load of the old key. The old value stays until the new
 * one has loaded.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, pauseMs = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, errorKind: null })
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const loadNow = () =>
      load(signal).then(
        (value) => signal.aborted || setLoaded({ value, errorKind: null }),
        (error: unknown) => signal.aborted || setLoaded({ value: null, errorKind: toErrorKind(error) }),
      )
    const timer = setTimeout(() => void loadNow(), pauseMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [key])
  return loaded
}
