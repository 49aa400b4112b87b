import { useEffect, useState } from 'react'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'

export interface Loaded<T> {
  value: T | null
  errorKind: ErrorKind | null
}

/** Loads a value again when its key changes. The former value stays until the new one has come. */
export function useLoaded<T>(key: string, load: () => Promise<T>, pauseMs = 0): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ value: null, errorKind: null })
  useEffect(() => {
    let isCurrent = true
    const run = () =>
      load().then(
        (value) => isCurrent && setLoaded({ value, errorKind: null }),
        (error: unknown) => isCurrent && setLoaded({ value: null, errorKind: toErrorKind(error) }),
      )
    const timer = setTimeout(() => void run(), pauseMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [key])
  return loaded
}
