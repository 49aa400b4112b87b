import type { MonthlyTable } from '@engineer-chat/chat/operations'

export interface DivideOptions {
  /** One statement copies at most this many rows. */
  batchRows: number
  /** Rows are copied and compared for this percentage of the time. The rest remains for other writers. */
  workTimePercent: number
  /** If true, the old table is dropped even if the new table lacks some of the old rows. */
  shouldGiveUpMissingRows?: boolean
  /** Is called after each batch. The next batch waits until the returned promise resolves. */
  onProgress?(progress: DivideProgress): Promise<void> | void
}

export interface DivideProgress {
  table: MonthlyTable
  step: 'copying' | 'comparing'
  /** The rows up to this id are copied or compared. */
  doneId: number
  /** The step ends with the row of this id. */
  lastId: number
}
