import { useEffect, useState } from 'react'

const UPDATE_INTERVAL_MS = 250

/** Returns the seconds until `untilMs`, a time of `performance.now()`, rounded up. After that time it returns 0. */
export function useSecondsUntil(untilMs: number): number {
  const [nowMs, setNowMs] = useState(() => performance.now())
  useEffect(() => {
    setNowMs(performance.now())
    const timer = setInterval(() => {
      setNowMs(performance.now())
      if (performance.now() >= untilMs) clearInterval(timer)
    }, UPDATE_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [untilMs])
  return Math.max(0, Math.ceil((untilMs - nowMs) / 1_000))
}
