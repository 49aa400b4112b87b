const MINUTES_PER_HOUR = 60

/** Begins at `from` and ends before `until`, both as `22:30`. It may last over midnight. */
export interface QuietHours {
  from: string
  until: string
}

/** Returns true if the local time of day lies within the quiet hours. Equal ends, or unreadable ones, mean none. */
export function isQuietAt(now: Date, { from, until }: QuietHours): boolean {
  const [start, end] = [toMinutes(from), toMinutes(until)]
  if (start === undefined || end === undefined || start === end) return false
  const minutes = now.getHours() * MINUTES_PER_HOUR + now.getMinutes()
  return start < end ? minutes >= start && minutes < end : minutes >= start || minutes < end
}

function toMinutes(time: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(time) ?? []
  return hours === undefined ? undefined : Number(hours) * MINUTES_PER_HOUR + Number(minutes)
}
