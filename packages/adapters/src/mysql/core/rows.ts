import type { RowDataPacket } from 'mysql2/promise'
import type { Tx } from './transaction.ts'

/** Describes a row as the driver returns it: a boolean column is a number, and a JSON column is text on MariaDB. */
export type TableRow<T extends { $inferSelect: object }> = {
  [Column in keyof T['$inferSelect']]: T['$inferSelect'][Column] extends boolean ? number : T['$inferSelect'][Column]
}

/** Runs a SELECT whose text depends on its values. Its rows have the columns of `SelectedRow` and no others. */
export async function queryRows<SelectedRow>(
  db: Pick<Tx, 'query'>,
  sql: string,
  values: unknown[] = [],
): Promise<SelectedRow[]> {
  const [rows] = await db.query<Array<SelectedRow & RowDataPacket>>(sql, values)
  return rows
}

/** Runs a prepared SELECT whose text is always the same. Its rows have the columns of `SelectedRow` and no others. */
export async function executeRows<SelectedRow>(
  db: Pick<Tx, 'execute'>,
  sql: string,
  values: Parameters<Tx['execute']>[1] = [],
): Promise<SelectedRow[]> {
  const [rows] = await db.execute<Array<SelectedRow & RowDataPacket>>(sql, values)
  return rows
}

/** Runs a SELECT that always returns one row, as an aggregate does. @throws Error if there is no row */
export async function queryRow<SelectedRow>(
  db: Pick<Tx, 'query'>,
  sql: string,
  values: unknown[] = [],
): Promise<SelectedRow> {
  const [row] = await queryRows<SelectedRow>(db, sql, values)
  if (!row) throw new Error('A statement that must return a row returned none.')
  return row
}
