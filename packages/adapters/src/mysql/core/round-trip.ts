import type { Pool, ResultSetHeader } from 'mysql2/promise'
import type { Tx } from './transaction.ts'

/** Is one of several statements that go to the server together: its SQL, its values, and how its result is read. */
export interface Statement<R = unknown> {
  sql: string
  values: unknown[]
  /** May throw, because nothing is committed by then. */
  read(result: unknown): R
}

export const createRead = <Found, R>(sql: string, values: unknown[], read: (rows: Found[]) => R): Statement<R> => ({
  sql,
  values,
  read: (result) => read(isRows<Found>(result) ? result : []),
})

/** A SELECT's result has the columns of `Found`, because its SQL names them. */
const isRows = <Found>(result: unknown): result is Found[] => Array.isArray(result)

/** Creates a write that returns the count of affected rows. @throws Error when the count is not `expected` */
export const createWrite = (sql: string, values: unknown[] = [], expected?: number): Statement<number> => ({
  sql,
  values,
  read(result) {
    const affectedRows = isHeader(result) ? result.affectedRows : 0
    if (expected !== undefined && affectedRows !== expected) {
      throw new Error('A row was changed by somebody who did not lock its room.')
    }
    return affectedRows
  },
})

const isHeader = (result: unknown): result is ResultSetHeader =>
  typeof result === 'object' && result !== null && 'affectedRows' in result

export const BEGIN = createWrite('BEGIN')
export const COMMIT = createWrite('COMMIT')

type StatementResult<S> = S extends Statement<infer R> ? R : undefined

/**
 * Runs the statements in their order, up to the first that fails. Returns the result of each, and undefined for one
 * that is left out.
 */
export async function runTogether<const S extends ReadonlyArray<Statement | undefined>>(
  tx: Pick<Tx | Pool, 'query'>,
  statements: S,
): Promise<{ [Index in keyof S]: StatementResult<S[Index]> }> {
  const present = statements.filter((statement) => statement !== undefined)
  const sql = present.map((statement) => statement.sql).join(';\n')
  const [found] = await tx.query(
    sql,
    present.flatMap(({ values }) => values),
  )
  const results: unknown[] = present.length > 1 && Array.isArray(found) ? found : [found]
  const read = new Map(present.map((statement, index) => [statement, statement.read(results[index])]))
  return statements.map((statement) => statement && read.get(statement)) as {
    [Index in keyof S]: StatementResult<S[Index]>
  }
}
