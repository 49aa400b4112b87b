/** Describes the period from `startMs` to `endMs`. */
export interface Interval {
  startMs: number
  endMs: number
}

/** Measures how much of the time from `fromMs` to `untilMs` lies within at least one of the intervals. */
export function measureCoveredMs(intervals: readonly Interval[], fromMs: number, untilMs: number): number {
  let coveredMs = 0
  let reachedMs = fromMs
  for (const { startMs, endMs } of intervals.toSorted((a, b) => a.startMs - b.startMs)) {
    const beginMs = Math.max(reachedMs, startMs)
    const stopMs = Math.min(untilMs, endMs)
    if (stopMs <= beginMs) continue
    coveredMs += stopMs - beginMs
    reachedMs = stopMs
  }
  return coveredMs
}

/** Lists the periods in which at least `minCount` of the intervals overlap. */
export function listOverlaps(intervals: readonly Interval[], minCount: number): Interval[] {
  const changes = intervals
    .flatMap(({ startMs, endMs }) => [
      { atMs: startMs, change: 1 },
      { atMs: endMs, change: -1 },
    ])
    // Ends come before starts at the same time, so intervals that only touch do not overlap.
    .sort((a, b) => a.atMs - b.atMs || a.change - b.change)
  const overlaps: Interval[] = []
  let openCount = 0
  let sinceMs = 0
  for (const { atMs, change } of changes) {
    if (openCount === minCount - 1 && change === 1) sinceMs = atMs
    if (openCount === minCount && change === -1) overlaps.push({ startMs: sinceMs, endMs: atMs })
    openCount += change
  }
  return overlaps
}
