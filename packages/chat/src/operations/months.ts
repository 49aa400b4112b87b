const DAY_MS = 24 * 3_600_000
/** This many months have a partition before they begin, so that workers may be down for that long. */
const MONTHS_AHEAD = 3

/** Returns the month of a date or time in UTC: `2026-11` of `2026-11-29`. */
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

/** Lists the needed months after the last month that has a partition. */
export function listMissingMonths(months: string[], today: string): string[] {
  const last = months.at(-1)
  return listNeededMonths(last === undefined ? today : addToMonth(last, 1), today)
}

/** Lists the months whose last day is more than `keptDays` days ago, so a row is kept at most one month longer. */
export function listOldMonths(months: string[], keptDays: number, today: string): string[] {
  const firstKeptDay = new Date(Date.parse(today) - keptDays * DAY_MS).toISOString()
  return months.filter((month) => addToMonth(month, 1) <= toMonth(firstKeptDay))
}
