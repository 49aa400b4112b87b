import type { MonthlyTable } from '@engineer-chat/chat/operations'

export interface DivideOptions {
  /** One statement copies at most this many rows. */
  batchRows: number
  /** Sets the part of the time, in percent, in which rows are copied. The rest remains for other writers. */
  sharePercent: number
  /** If true, the old table is dropped even if the new one lacks some of its rows. */
  areMissingRowsGivenUp?: boolean
  onProgress?(progress: DivideProgress): void
}

export interface DivideProgress {
  table: MonthlyTable
  step: 'copying' | 'comparing'
  /** Both numbers are ids: of the rows up to the id `total`, the rows up to the id `done` are copied or compared. */
  done: number
  total: number
}
