import { useEffect, useState } from 'react'

const UPDATE_INTERVAL_MS = 250

/** Counts down to a time of `performance.now()`: returns the seconds that are left, rounded up, and 0 once it has come. */
export function useSecondsUntil(untilMs: number): number {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    setNow(performance.now())
    const timer = setInterval(() => {
      setNow(performance.now())
      if (performance.now() >= untilMs) clearInterval(timer)
    }, UPDATE_INTERVAL_MS)
    return () => clearInterval(timer)
  }, [untilMs])
  return Math.max(0, Math.ceil((untilMs - now) / 1_000))
}
