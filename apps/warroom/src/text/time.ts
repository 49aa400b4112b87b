import type { Language } from '../i18n/language.ts'

/** Says whether times are shown in this machine's time zone or in UTC. */
export type Clock = 'local' | 'utc'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Returns a cached format. `name` identifies the options in the cache. */
function getFormat(language: Language, clock: Clock, name: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${clock} ${name}`
  const cached = formats.get(key)
  if (cached) return cached
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  const created = new Intl.DateTimeFormat(locale, { ...options, ...(clock === 'utc' ? { timeZone: 'UTC' } : {}) })
  formats.set(key, created)
  return created
}

/** Clears the cached formats, because each keeps the time zone in which it was created. */
export const clearFormats = (): void => formats.clear()

/** Formats a time as in `14:05`. */
export const formatTimeOfDay = (iso: string, language: Language, clock: Clock): string =>
  getFormat(language, clock, 'time', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))

/** Formats a time as in `3 Mar, 14:05`. */
export const formatDayAndTime = (iso: string, language: Language, clock: Clock): string =>
  getFormat(language, clock, 'day and time', {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))

/** Formats a day as in `Monday, 3 March 2026`. */
export const formatDay = (iso: string, language: Language, clock: Clock): string =>
  getFormat(language, clock, 'day', { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }).format(
    new Date(iso),
  )

/** Formats a time in UTC and in local time, both with milliseconds, so that people can copy it into a report. */
export function formatExactTime(iso: string): string {
  const date = new Date(iso)
  const pad = (number: number, length = 2) => `${number}`.padStart(length, '0')
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const seconds = `${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  const offsetMinutes = -date.getTimezoneOffset() // The browser's sign is negative east of UTC.
  const sign = offsetMinutes < 0 ? '-' : '+'
  const offset = `${sign}${pad(Math.floor(Math.abs(offsetMinutes) / 60))}:${pad(Math.abs(offsetMinutes) % 60)}`
  const local = `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${seconds} ${offset}`
  return `${date.toISOString()}\n${local}`
}

/** Returns a key that all times of one day share. */
export function toDayKey(iso: string, clock: Clock): string {
  const date = new Date(iso)
  return clock === 'utc' ? iso.slice(0, 10) : `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}
