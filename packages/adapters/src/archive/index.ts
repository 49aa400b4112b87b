export { openMonthArchive } from './month-archive.ts'
export { type ArchiveCheck, verifyArchive } from './verify-archive.ts'
