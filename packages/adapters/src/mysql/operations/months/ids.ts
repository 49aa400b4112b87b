import { queryRows, type Tx } from '../../core/index.ts'

/** Returns 0 if there are no rows. `from` is SQL: the name of a table, with a condition or without. */
export async function readHighestId(db: Pick<Tx, 'query'>, from: string): Promise<number> {
  const [last] = await queryRows<{ id: number }>(db, `SELECT id FROM ${from} ORDER BY id DESC LIMIT 1`)
  return last?.id ?? 0
}

/** Returns the id of the last row of a batch, which begins after `afterId` and ends at `lastId` at the latest. */
export async function findBatchEnd(
  db: Pick<Tx, 'query'>,
  table: string,
  afterId: number,
  lastId: number,
  batchRows: number,
): Promise<number> {
  const [end] = await queryRows<{ id: number }>(
    db,
    `SELECT id FROM ${table} WHERE id > ? AND id <= ? ORDER BY id LIMIT 1 OFFSET ?`,
    [afterId, lastId, batchRows - 1],
  )
  return end?.id ?? lastId
}
