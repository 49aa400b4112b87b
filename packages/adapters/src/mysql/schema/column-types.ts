/** Converts MySQL's `2026-01-31 12:00:00.123` to `2026-01-31T12:00:00.123Z`. The connection's time zone is UTC. */
export const toIso = (text: string): string => `${text.replace(' ', 'T')}${text.includes('.') ? '' : NO_FRACTION}Z`
/** The result of a prepared statement has no milliseconds if they are zero. */
const NO_FRACTION = '.000'
export const fromIso = (iso: string): string => iso.replace('T', ' ').replace('Z', '')

/**
 * Parses JSON unless the driver has done so. MariaDB stores JSON as text, which the driver parses only in columns that
 * the server marks as JSON. The columns of a derived table have no such mark.
 */
export const parseJson = <T>(json: T | string): T => (typeof json === 'string' ? JSON.parse(json) : json)
