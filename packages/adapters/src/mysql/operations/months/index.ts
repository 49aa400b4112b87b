export type { DivideOptions, DivideProgress } from './divide-options.ts'
export { createMonthStore } from './month-store.ts'
export { type MonthlyTableInfo, moveIntoMonths, readMonthlyTables } from './move-into-months.ts'
export { TableInUseError } from './partitions.ts'
