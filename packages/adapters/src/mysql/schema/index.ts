// Only this folder defines the tables. drizzle-kit makes migrations from them, and statements take columns and row
// types from them. There are no foreign keys, because their checks would break the order of locks (room, session,
// message). Text is compared byte by byte (utf8mb4_bin by default, see drizzle/README.md).

export * from './audit.ts'
export * from './chat.ts'
export { fromIso, parseJson, toIso } from './column-types.ts'
export * from './documents.ts'
export * from './events.ts'
export * from './indicators.ts'
export * from './installation.ts'
export * from './model-health.ts'
export * from './people.ts'
export * from './ranking.ts'
export * from './replies.ts'
export * from './reviews.ts'
export * from './statistics.ts'
export * from './write-probe.ts'
