/** A line reports one thing that happened. Fields are ids, numbers and codes; they never contain a message's text. */
export type LogFields = Record<string, string | number | boolean | null | undefined>

export interface Log {
  info(event: `EngineerChat.${string}`, fields?: LogFields): void
  /** Only operators read `cause`, here and in `error`. */
  warn(event: `EngineerChat.${string}`, fields?: LogFields, cause?: unknown): void
  error(event: `EngineerChat.${string}`, fields?: LogFields, cause?: unknown): void
}

/** Returns a log whose lines all contain the `shared` fields. A line's own value of a field replaces the shared one. */
export const withLogFields = (log: Log, shared: LogFields): Log => ({
  info: (event, fields) => log.info(event, { ...shared, ...fields }),
  warn: (event, fields, cause) => log.warn(event, { ...shared, ...fields }, cause),
  error: (event, fields, cause) => log.error(event, { ...shared, ...fields }, cause),
})
