import { useEffect, useState } from 'react'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'

export interface Loaded<T> {
  value: T | null
  errorKind: ErrorKind | null
}

/**
 * Loads a value, and loads it again when the key changes. A change of the key cancels the earlier load. The earlier
 * value stays until the new load succeeds or fails. `pauseMs` delays each load, so that typing sends few requests.
 */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>, pauseMs = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, errorKind: null })
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    const show = (result: Loaded<T>) => {
      if (!signal.aborted) setLoaded(result)
    }
    const loadNow = () =>
      load(signal).then(
        (value) => show({ value, errorKind: null }),
        (error: unknown) => show({ value: null, errorKind: toErrorKind(error) }),
      )
    const timer = setTimeout(() => void loadNow(), pauseMs)
    return () => {
      clearTimeout(timer)
      controller.abort()
    }
  }, [key])
  return loaded
}
