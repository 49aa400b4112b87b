import { customType, varchar } from 'drizzle-orm/mysql-core'

/** MySQL's `2026-01-31 12:00:00.123` as the wire has it; the session's time zone is UTC. */
export const toIso = (text: string): string => `${text.replace(' ', 'T')}Z`
export const fromIso = (iso: string): string => iso.replace('T', ' ').replace('Z', '')

/** A moment with milliseconds: ISO 8601 in code, DATETIME(3) in UTC in the table. */
export const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'datetime(3)',
  fromDriver: toIso,
  toDriver: fromIso,
})

/** MySQL and MariaDB both: 64 characters are what the protocol allows for an id. */
export const id = (name: string) => varchar(name, { length: 64 })
/** As the specification types message ids. */
export const messageId = (name: string) => varchar(name, { length: 255 })
/** SHA-256 in hex. */
export const hash = (name: string) => varchar(name, { length: 64 })
