/** Lists the tables that can be stored by month: each month of rows in its own partition, by `created_at` in UTC. */
export const MONTHLY_TABLES = ['audit_log', 'llm_calls'] as const
export type MonthlyTable = (typeof MONTHLY_TABLES)[number]

/** Describes the partitions of one table. */
export interface PartitionState {
  /** Lists the months that have a partition, such as `2026-11`, the earliest first. */
  months: string[]
  /**
   * True means that the overflow partition has rows. It takes the rows after the last month. Months can be added only
   * while the overflow partition is empty.
   */
  isOverflowUsed: boolean
  /** Holds today's date in UTC by the database's clock, such as `2026-11-29`. */
  today: string
}

/**
 * Reads and changes the partitions of the monthly tables. If transactions use a table, a change of its partitions waits
 * for them only for a limited time.
 */
export interface MonthPartitions {
  /** Resolves to undefined if the table is not stored by month. */
  readState(table: MonthlyTable): Promise<PartitionState | undefined>
  /** Adds partitions for months after the last one that has a partition. @throws PartitionsNotAllowedError */
  addMonths(table: MonthlyTable, months: string[]): Promise<void>
  /** Resolves to `held` if all rows of the month are under a legal hold, or to `removable` if at least one is not. */
  readContent(table: MonthlyTable, month: string): Promise<'empty' | 'held' | 'removable'>
  /** Lists the rows as they are stored, in the order of their ids. */
  listRows(table: MonthlyTable, month: string): AsyncIterable<object>
  /**
   * Removes the month's rows, except those under a legal hold. The held rows stay readable in the table meanwhile. If
   * the month has no rows afterwards, its partition is removed, too.
   * @throws PartitionsNotAllowedError
   */
  removeMonth(table: MonthlyTable, month: string): Promise<void>
  /**
   * Finishes a call of `removeMonth` that was interrupted, for any month: of the rows that it took out of the table,
   * those under a legal hold are put back and the others are dropped. Does nothing if no removal was interrupted.
   * @throws PartitionsNotAllowedError
   */
  finishRemoval(table: MonthlyTable): Promise<void>
}

export interface MonthStore {
  /** Runs the work, but does nothing and resolves to false if another process is changing the partitions. */
  runAlone(work: (partitions: MonthPartitions) => Promise<void>): Promise<boolean>
}

/** Keeps the rows of removed months in files. */
export interface MonthArchive {
  /**
   * Writes the rows of a month to a file, and reads the file to verify it. A month that is already in the archive is
   * only verified.
   * @throws Error if the archive does not hold the month afterwards
   */
  archiveMonth(table: MonthlyTable, month: string, rows: AsyncIterable<object>): Promise<void>
}

/** Reports that the database's account may not change partitions. */
export class PartitionsNotAllowedError extends Error {
  constructor(cause: unknown) {
    super(
      'The account may not change partitions. `npm run migrate` gives the right to the account of DATABASE_URL; `npm run partitions -- --divide` needs DATABASE_ADMIN_URL.',
      { cause },
    )
    this.name = 'PartitionsNotAllowedError'
  }
}
