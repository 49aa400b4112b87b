/** Is a time from `startMs` to `endMs`. */
export interface Interval {
  startMs: number
  endMs: number
}

/** Returns how much of the time from `fromMs` to `untilMs` the intervals cover, however they overlap each other. */
export function measureCovered(intervals: readonly Interval[], fromMs: number, untilMs: number): number {
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

/** Lists the times in which at least `limit` of the intervals are open. */
export function listCrowdedTimes(intervals: readonly Interval[], limit: number): Interval[] {
  const changes = intervals
    .flatMap(({ startMs, endMs }) => [
      { atMs: startMs, change: 1 },
      { atMs: endMs, change: -1 },
    ])
    .sort((a, b) => a.atMs - b.atMs || a.change - b.change)
  const crowded: Interval[] = []
  let open = 0
  let sinceMs = 0
  for (const { atMs, change } of changes) {
    if (open === limit - 1 && change === 1) sinceMs = atMs
    if (open === limit && change === -1) crowded.push({ startMs: sinceMs, endMs: atMs })
    open += change
  }
  return crowded
}
