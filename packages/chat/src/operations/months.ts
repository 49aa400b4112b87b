const DAY_MS = 24 * 3_600_000
/** This many months have a partition before they begin, so that workers may be down for that long. */
const MONTHS_AHEAD = 3

/** Returns the month of a date or time in UTC: `2026-11` of `2026-11-29`. */
export const toMonth = (date: string): string => date.slice(0, 7)

export function addToMonth(month: string, count: number): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return toMonth(new Date(Date.UTC(year, number - 1 + count)).toISOString())
}

/** Lists the months from the first to the last, both included. */
function listMonths(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = addToMonth(month, 1)) months.push(month)
  return months
}

/** Lists the months that every table needs from the month of `first` on. */
export const listNeededMonths = (first: string, today: string): string[] =>
  listMonths(toMonth(first), addToMonth(toMonth(today), MONTHS_AHEAD))

/** Lists the months after the last one that has a partition. */
export function listMissingMonths(months: string[], today: string): string[] {
  const last = months.at(-1)
  return listNeededMonths(last === undefined ? today : addToMonth(last, 1), today)
}

/** Lists the months whose last day is older than `keptDays`, so that a row is kept at most one month longer. */
export function listOldMonths(months: string[], keptDays: number, today: string): string[] {
  const firstKeptDay = new Date(Date.parse(today) - keptDays * DAY_MS).toISOString()
  return months.filter((month) => addToMonth(month, 1) <= firstKeptDay.slice(0, 7))
}
