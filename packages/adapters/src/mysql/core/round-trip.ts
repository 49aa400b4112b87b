import { ChatError } from '@engineer-chat/chat/shared'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { isConnectionLost } from './errors.ts'
import { groupCommit } from './group-commit.ts'
import type { Tx } from './transaction.ts'

/** Describes one of several statements that are sent together: its SQL, its values, and how its result is read. */
export interface Statement<R = unknown> {
  sql: string
  /** Replaces the question marks of `sql`, in their order. A list becomes `1, 2, 3`. */
  values: unknown[]
  /** Converts the driver's result. It may throw, because nothing is committed yet. */
  read(result: unknown): R
}

export const createRead = <Found, R>(sql: string, values: unknown[], read: (rows: Found[]) => R): Statement<R> => ({
  sql,
  values,
  read: (result) => read(isRows<Found>(result) ? result : []),
})

/** A SELECT's result has the columns of `Found`, because its SQL names them. */
const isRows = <Found>(result: unknown): result is Found[] => Array.isArray(result)

/**
 * Creates a write that returns the count of affected rows. A caller that has planned the write under the locks of rooms
 * gives `expectedRows`. @throws Error when another count of rows is affected, because somebody wrote without the lock
 */
export const createWrite = (sql: string, values: unknown[] = [], expectedRows?: number): Statement<number> => ({
  sql,
  values,
  read(result) {
    const affectedRows = isHeader(result) ? result.affectedRows : 0
    if (expectedRows !== undefined && affectedRows !== expectedRows) {
      throw new Error(`${affectedRows} of ${expectedRows} rows were written: one was changed without its room's lock.`)
    }
    return affectedRows
  },
})

const isHeader = (result: unknown): result is ResultSetHeader =>
  typeof result === 'object' && result !== null && 'affectedRows' in result

export const BEGIN = createWrite('BEGIN')
export const COMMIT = createWrite('COMMIT')

/** Sends statements and returns the driver's results. */
export type SendStatements = (statements: Statement[]) => Promise<unknown[]>

type StatementResult<S> = S extends Statement<infer R> ? R : undefined

/**
 * Runs the statements in their order, up to the first that fails. Returns the result of each, and undefined for a
 * statement that is left out. Without a statement there is no round trip.
 */
export async function runTogether<const S extends ReadonlyArray<Statement | undefined>>(
  tx: Pick<Tx | Pool, 'query'> | SendStatements,
  statements: S,
): Promise<{ [Index in keyof S]: StatementResult<S[Index]> }> {
  const present = statements.filter((statement) => statement !== undefined)
  const driverResults = present.length === 0 ? [] : await (typeof tx === 'function' ? tx(present) : send(tx, present))
  const results = new Map(present.map((statement, index) => [statement, statement.read(driverResults[index])]))
  return statements.map((statement) => statement && results.get(statement)) as {
    [Index in keyof S]: StatementResult<S[Index]>
  }
}

/** Limits the writes of a round trip. Their packet has at most about 8 MB; servers take 16 MB by default. */
const MAX_WRITES = 8

/** Runs any number of writes in their order, several in each round trip. */
export async function runWrites(tx: Tx, writes: Statement[]): Promise<void> {
  for (let start = 0; start < writes.length; start += MAX_WRITES) {
    await runTogether(tx, writes.slice(start, start + MAX_WRITES))
  }
}

async function send(tx: Pick<Tx | Pool, 'query'>, statements: Statement[]): Promise<unknown[]> {
  const [driverResult] = await tx.query(
    statements.map(({ sql }) => sql).join(';\n'),
    statements.flatMap(({ values }) => values),
  )
  // The driver returns a list of results only for several statements.
  return statements.length > 1 && Array.isArray(driverResult) ? driverResult : [driverResult]
}

/** Limits the lists of statements that share one round trip. */
const MAX_LISTS = 8
/**
 * At most this many shared round trips run at the same time; lists that run singly after a failure are not counted. With
 * more than one, reads can pass a round trip that has a slow read.
 */
const MAX_SHARED_ROUND_TRIPS = 3
const MAX_WAITING_LISTS = 10_000

/** Lets reads that wait share a round trip, outside of transactions. */
export const createSharedRoundTrips = (pool: Pool): SendStatements =>
  groupCommit<Statement[], unknown[]>({
    async run(lists) {
      const results = await send(pool, lists.flat())
      return lists.map((list) => results.splice(0, list.length))
    },
    maxBatchItems: MAX_LISTS,
    concurrency: MAX_SHARED_ROUND_TRIPS,
    maxWaiting: MAX_WAITING_LISTS,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: (error) => !isConnectionLost(error),
  })
