const DAY_MS = 24 * 3_600_000
/** Partitions exist for this many months after the present one, so that workers may be down for that long. */
const MONTHS_AHEAD = 3

/** Converts a date or time in UTC to its month: `2026-11-29` becomes `2026-11`. */
export const toMonth = (date: string): string => date.slice(0, 7)

/** Returns the month that is `count` months later. */
export function addToMonth(month: string, count: number): string {
  const [year = 0, monthOfYear = 0] = month.split('-').map(Number)
  return toMonth(new Date(Date.UTC(year, monthOfYear - 1 + count)).toISOString())
}

/** Lists the months from the first to the last, both included. */
function listMonths(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = addToMonth(month, 1)) months.push(month)
  return months
}

/** Lists the months that need a partition, from `first` (a date or a month) to `MONTHS_AHEAD` months after `today`. */
export const listNeededMonths = (first: string, today: string): string[] =>
  listMonths(toMonth(first), addToMonth(toMonth(today), MONTHS_AHEAD))

/**
 * Lists the needed months after the last one of `months`, which have partitions. If there are none, the list begins
 * with the month of `today`.
 */
export function listMissingMonths(months: string[], today: string): string[] {
  const last = months.at(-1)
  return listNeededMonths(last === undefined ? today : addToMonth(last, 1), today)
}

/**
 * Lists the months whose last day is more than `keptDays` days ago. A month is removed as a whole, so its first row is
 * kept for up to one month longer than `keptDays`.
 */
export function listOldMonths(months: string[], keptDays: number, today: string): string[] {
  const keptSince = new Date(Date.parse(today) - keptDays * DAY_MS).toISOString()
  return months.filter((month) => addToMonth(month, 1) <= toMonth(keptSince))
}
