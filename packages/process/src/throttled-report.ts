/** The interval limits the log lines, so that frequent occurrences cannot fill the disk. */
const INTERVAL_MS = 60_000

/**
 * Creates a function that reports the first occurrence immediately, and later ones at most once a minute with their
 * number.
 */
export function createThrottledReport<Args extends unknown[]>(
  report: (count: number, ...latest: Args) => void,
  now: () => number = () => performance.now(),
): (...args: Args) => void {
  let count = 0
  let nextReportAtMs = 0
  return (...args) => {
    count += 1
    if (now() < nextReportAtMs) return
    report(count, ...args)
    count = 0
    nextReportAtMs = now() + INTERVAL_MS
  }
}
