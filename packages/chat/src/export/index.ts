export * from './export-room.ts'
