import type { Pool, RowDataPacket } from 'mysql2/promise'

/**
 * Makes the server record the time of each statement, from its arrival to its last row. Only connections that are
 * opened afterwards are recorded.
 */
export async function recordStatements(admin: Pool): Promise<void> {
  for (const setting of ["log_output = 'TABLE'", 'slow_query_log = 1', 'long_query_time = 0']) {
    await admin.query(`SET GLOBAL ${setting}`)
  }
}

/**
 * Returns the times of the reads in a database since `clearRecordedTimes`, in milliseconds, one for each read. A read
 * consists of `statements` SELECT statements. Other statements do not count.
 */
export async function readRecordedTimes(admin: Pool, database: string, statements: number): Promise<number[]> {
  const [rows] = await admin.query<Array<{ ms: number } & RowDataPacket>>(
    `SELECT TIME_TO_SEC(query_time) * 1000 + MICROSECOND(query_time) / 1000 AS ms FROM mysql.slow_log
     WHERE db = ? AND CONVERT(sql_text USING utf8mb4) LIKE '%SELECT%'`,
    [database],
  )
  const timesMs = rows.map(({ ms }) => Number(ms))
  return Array.from({ length: Math.floor(timesMs.length / statements) }, (_, read) =>
    timesMs.slice(read * statements, (read + 1) * statements).reduce((sum, ms) => sum + ms, 0),
  )
}

export const clearRecordedTimes = (admin: Pool): Promise<unknown> => admin.query('TRUNCATE TABLE mysql.slow_log')
