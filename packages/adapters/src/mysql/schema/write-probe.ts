import { mysqlTable, tinyint } from 'drizzle-orm/mysql-core'
import { instant } from './columns.ts'

/**
 * Processes write here to find out whether MySQL takes writes. It has a fixed number of rows, whose values nobody
 * reads.
 */
export const writeProbes = mysqlTable('write_probe', {
  row_id: tinyint('row_id').primaryKey(),
  written_at: instant('written_at').notNull(),
})
