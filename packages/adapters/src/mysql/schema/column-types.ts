/** Turns MySQL's `2026-01-31 12:00:00.123` to the wire's format. The session's time zone is UTC. */
export const toIso = (text: string): string => `${text.replace(' ', 'T')}${text.includes('.') ? '' : NO_FRACTION}Z`
/** A prepared statement's answer leaves out the milliseconds when they are zero. */
const NO_FRACTION = '.000'
export const fromIso = (iso: string): string => iso.replace('T', ' ').replace('Z', '')

/**
 * MariaDB's JSON is text. The driver parses it where the server marks it as JSON, which a derived table's column
 * lacks.
 */
export const parseJson = <T>(json: T | string): T => (typeof json === 'string' ? JSON.parse(json) : json)
