/** Limits log lines, so that a sender who causes many events cannot fill the disk of the log. */
const INTERVAL_MS = 60_000

/** Reports the first event at once and later ones at most once a minute, with their count since the last report. */
export function createRareReport<Args extends unknown[]>(
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
