import type { RowDataPacket } from 'mysql2/promise'
import type { Tx } from './transaction.ts'

/** Is a row as the driver returns it: a boolean column is a number, and a JSON column is text on MariaDB. */
export type TableRow<T extends { $inferSelect: object }> = {
  [Column in keyof T['$inferSelect']]: T['$inferSelect'][Column] extends boolean ? number : T['$inferSelect'][Column]
}

/** Runs a SELECT whose text depends on its values. Its rows have the columns of `Row` and no others. */
export async function queryRows<Row>(db: Pick<Tx, 'query'>, sql: string, values: unknown[] = []): Promise<Row[]> {
  const [rows] = await db.query<Array<Row & RowDataPacket>>(sql, values)
  return rows
}

/** Runs a prepared SELECT whose text is always the same. Its rows have the columns of `Row` and no others. */
export async function executeRows<Row>(
  db: Pick<Tx, 'execute'>,
  sql: string,
  values: Parameters<Tx['execute']>[1] = [],
): Promise<Row[]> {
  const [rows] = await db.execute<Array<Row & RowDataPacket>>(sql, values)
  return rows
}

/** Runs a SELECT that always has one row, as an aggregate has. @throws Error without a row */
export async function queryRow<Row>(db: Pick<Tx, 'query'>, sql: string, values: unknown[] = []): Promise<Row> {
  const [row] = await queryRows<Row>(db, sql, values)
  if (!row) throw new Error('A statement that always has a row had none.')
  return row
}
