import { count, sql } from 'drizzle-orm'
import { indicators } from '../../schema/index.ts'

const { created_at } = indicators

export const LAST_AT = sql<string>`MAX(${created_at})`.mapWith(created_at)

/** Counts the rows of one value in an event: one for each message that contains it, and one if the report does. */
export const COUNTS = {
  count: count(),
  first_at: sql<string>`MIN(${created_at})`.mapWith(created_at),
  last_at: LAST_AT,
}

/** Escapes the wildcards of LIKE. */
export const escapeLike = (text: string): string => text.replace(/[\\%_]/g, '\\$&')
