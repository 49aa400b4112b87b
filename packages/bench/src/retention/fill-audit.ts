import type { BulkDatabase } from '../database/bulk-database.ts'

export const MONTHS = 12
const SECONDS_PER_MONTH = 30.4 * 86_400
/** The rows belong to this many events in turn. */
const EVENTS = 1_000
/** The events under a legal hold have numbers from this one on. */
export const FIRST_EVENT_UNDER_LEGAL_HOLD = 0
/** This many events are under a legal hold, so one row of 100 belongs to one of them. */
export const EVENTS_UNDER_LEGAL_HOLD = 10
const ROWS_PER_STATEMENT = 10_000

/** Removes the monthly partitions, which older versions did not have. The table must be empty. */
export async function removePartitions({ pool }: BulkDatabase): Promise<void> {
  await pool.query('ALTER TABLE audit_log REMOVE PARTITIONING')
  await pool.query('ALTER TABLE audit_log DROP PRIMARY KEY, ADD PRIMARY KEY (id)')
}

/** Adds rows of the last months, the oldest first, with ids as long as the product's. */
export async function fillAudit({ pool, insertRows }: BulkDatabase, rows: number): Promise<void> {
  await pool.query('CREATE TABLE bench_numbers (number INT PRIMARY KEY)')
  await insertRows(
    'INSERT INTO bench_numbers',
    Array.from({ length: Math.min(rows, ROWS_PER_STATEMENT) }, (_, number) => [number]),
  )
  const totalSeconds = MONTHS * SECONDS_PER_MONTH
  const microsecondsPerRow = (totalSeconds * 1_000_000) / rows
  await pool.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0') // Loading test data needs no durability.
  for (let offset = 0; offset < rows; offset += ROWS_PER_STATEMENT) {
    await pool.query(
      `INSERT INTO audit_log (created_at, action, actor, address, object_type, object_id, event_id, request_id)
       SELECT NOW(3) - INTERVAL ? SECOND + INTERVAL (number + ?) * ? MICROSECOND, 'send',
         CONCAT('01890a5d-ac96-774b-bcce-', LPAD((number + ?) % 500, 12, '0')), '198.51.100.23', 'message',
         CONCAT('01890a5d-ac96-774b-bcce-', LPAD(number + ?, 12, '0')), CONCAT('event-', (number + ?) % ${EVENTS}),
         CONCAT('01890a5d-ac96-774b-bcce-', LPAD(number + ?, 12, '0'))
       FROM bench_numbers WHERE number + ? < ? ORDER BY number`,
      [totalSeconds, offset, microsecondsPerRow, offset, offset, offset, offset, offset, rows],
    )
  }
  await pool.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
}
