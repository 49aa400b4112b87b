import { createId, createSessionId } from '@engineer-chat/chat/shared'
import { type Connection, createPool, type Pool, type RowDataPacket } from 'mysql2/promise'
import { createAccessToken } from './token.ts'

/** Describes a user who is signed in. */
export interface SignedInUser {
  user_id: string
  token: string
}

/** Reads and writes many rows of the database at once, with SQL of its own instead of the product's stores. */
export interface BulkDatabase {
  pool: Pool
  /** Inserts rows in several statements of bounded length. `insertInto` is the statement before the word VALUES. */
  insertRows(insertInto: string, rows: unknown[][]): Promise<void>
  users: SignedInUser[]
  createRooms(count: number): Promise<string[]>
  /** Creates an active session for each pair, as an earlier question would do. */
  createSessions(pairs: Array<{ event_id: string; user_id: string }>): Promise<void>
  /** Counts the replies that have not ended. */
  countUnfinished(): Promise<number>
  /** Reads a single number from the database. */
  readNumber(sql: string, values?: unknown[]): Promise<number>
  close(): Promise<void>
}

/** A session takes this number of questions, so that no bench reaches the limit of rounds. */
export const MAX_SESSION_ROUNDS = 1_000
const ROWS_PER_STATEMENT = 2_000

/** Opens a database, which must be migrated, and creates the users. */
export async function openBulkDatabase(url: string, userCount: number): Promise<BulkDatabase> {
  const pool = createPool({ uri: url, connectionLimit: 2, dateStrings: true, timezone: 'Z' })
  const insertRows = (insertInto: string, rows: unknown[][]) => insertRowsWith(pool, insertInto, rows)
  const signIns = Array.from({ length: userCount }, () => ({ user_id: createId(), sign_in_id: createId() }))
  await insertSignIns(pool, signIns)
  const readNumber: BulkDatabase['readNumber'] = async (sql, values = []) => {
    const [[row]] = await pool.query<Array<Record<string, number> & RowDataPacket>>(sql, values)
    return Number(Object.values(row ?? {})[0])
  }
  return {
    pool,
    insertRows,
    users: signIns.map(({ user_id, sign_in_id }) => ({ user_id, token: createAccessToken(user_id, sign_in_id) })),
    async createRooms(count) {
      const rooms = Array.from({ length: count }, () => createId())
      await insertRows(
        'INSERT INTO events (event_id, event_name, message, context, severity, source)',
        rooms.map((event_id) => [event_id, 'Beacon from WS-042', 'C2 beacon to 198.51.100.23', '', 'high', 'EDR']),
      )
      return rooms
    },
    createSessions: (pairs) =>
      insertRows(
        'INSERT INTO chat_sessions (session_id, event_id, user_id, active_slot, max_rounds)',
        pairs.map(({ event_id, user_id }) => [
          createSessionId(event_id, user_id),
          event_id,
          user_id,
          1,
          MAX_SESSION_ROUNDS,
        ]),
      ),
    // Without the index, this would read all messages each time.
    countUnfinished: () => readNumber('SELECT COUNT(*) FROM messages FORCE INDEX (idx_due) WHERE due_at IS NOT NULL'),
    readNumber,
    close: () => pool.end(),
  }
}

interface SignIn {
  user_id: string
  sign_in_id: string
}

/**
 * Inserts users who are signed in. It is one transaction, because maintenance removes a sign-in that has no token yet.
 */
async function insertSignIns(pool: Pool, signIns: SignIn[]): Promise<void> {
  const connection = await pool.getConnection()
  try {
    await connection.beginTransaction()
    await insertRowsWith(
      connection,
      'INSERT INTO users (user_id, username, password_hash, role)',
      signIns.map(({ user_id }) => [user_id, user_id, '-', 'engineer']),
    )
    await insertRowsWith(
      connection,
      'INSERT INTO sign_ins (sign_in_id, user_id)',
      signIns.map(({ user_id, sign_in_id }) => [sign_in_id, user_id]),
    )
    await insertRowsWith(
      connection,
      'INSERT INTO refresh_tokens (token_hash, sign_in_id, expires_at)',
      signIns.map(({ sign_in_id }) => [sign_in_id, sign_in_id, '2099-01-01']),
    )
    await connection.commit()
  } catch (error) {
    connection.destroy() // This ends the transaction, which a release would leave open.
    throw error
  }
  connection.release()
}

async function insertRowsWith(
  connection: Pick<Connection, 'query'>,
  insertInto: string,
  rows: unknown[][],
): Promise<void> {
  for (let offset = 0; offset < rows.length; offset += ROWS_PER_STATEMENT)
    await connection.query(`${insertInto} VALUES ?`, [rows.slice(offset, offset + ROWS_PER_STATEMENT)])
}
