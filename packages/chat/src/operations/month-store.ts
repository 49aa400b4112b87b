/** Lists the tables that only grow. Each month of their rows is in a separate partition, by `created_at` in UTC. */
export const MONTHLY_TABLES = ['audit_log', 'llm_calls'] as const
export type MonthlyTable = (typeof MONTHLY_TABLES)[number]

/** Describes the partitions of one table. */
export interface PartitionState {
  /** Lists the months that have a partition, such as `2026-11`, the earliest first. */
  months: string[]
  /**
   * True means that the overflow partition, which takes the rows after the last month, has rows. Months can be added
   * only while it is empty.
   */
  isOverflowUsed: boolean
  /** Holds the date in UTC by the database's clock, such as `2026-11-29`. */
  today: string
}

/**
 * Changes the partitions of the monthly tables. A statement waits only for a limited time for transactions that use the
 * table.
 */
export interface MonthPartitions {
  /** Resolves to undefined if the table is not stored by month. */
  readState(table: MonthlyTable): Promise<PartitionState | undefined>
  /** Adds partitions after the last one. @throws PartitionsNotAllowedError */
  addMonths(table: MonthlyTable, months: string[]): Promise<void>
  /** Tells whether the month has no rows, only rows under a legal hold, or other rows. */
  readContent(table: MonthlyTable, month: string): Promise<'empty' | 'held' | 'removable'>
  /** Lists the rows as they are stored, in the order of their ids. */
  listRows(table: MonthlyTable, month: string): AsyncIterable<object>
  /**
   * Removes the month's rows except the rows under a legal hold, which stay readable in the table all the time. If the
   * month is empty afterwards, its partition is removed, too. @throws PartitionsNotAllowedError
   */
  removeMonth(table: MonthlyTable, month: string): Promise<void>
  /**
   * Finishes an interrupted removal of any month: puts the rows under a legal hold back into the table and drops the
   * others. @throws PartitionsNotAllowedError
   */
  finishRemoval(table: MonthlyTable): Promise<void>
}

export interface MonthStore {
  /** Runs the work in one process at a time. Resolves to false without running it if another process is running it. */
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

/** The database's account may not change partitions. */
export class PartitionsNotAllowedError extends Error {
  constructor(cause: unknown) {
    super(
      'The account may not change partitions. `npm run migrate` gives the right to the account of DATABASE_URL; `npm run partitions -- --divide` needs DATABASE_ADMIN_URL.',
      { cause },
    )
    this.name = 'PartitionsNotAllowedError'
  }
}
