// The tables stand here once. drizzle-kit makes the migrations of them, and every statement takes its columns and the types
// of its rows from them.
// Tables have no foreign keys: checking one locks the parent's row outside the one lock order (room, session, message).
// All text compares byte by byte (utf8mb4_bin is the tables' default, see drizzle/README.md).

export * from './audit.ts'
export * from './chat.ts'
export { fromIso, parseJson, toIso } from './column-types.ts'
export * from './events.ts'
export * from './people.ts'
export * from './replies.ts'
export * from './reviews.ts'
export * from './statistics.ts'
