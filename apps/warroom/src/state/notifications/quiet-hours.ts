const MINUTES_PER_HOUR = 60

/** The quiet hours begin at `from` and end at `until`, both in the form `22:30`. They may include midnight. */
export interface QuietHours {
  from: string
  until: string
}

/**
 * Returns true if the local time of day lies within the quiet hours. Equal or invalid times mean that there are no
 * quiet hours.
 */
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
