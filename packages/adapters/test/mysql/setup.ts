import { randomBytes } from 'node:crypto'
import { type Mysql, migrate, openMysql } from '@engineer-chat/adapters/mysql'
import type { NewQuestion } from '@engineer-chat/chat/rooms'
import { createId, createSessionId, sha256 } from '@engineer-chat/chat/shared'
import { getTestServers } from '@engineer-chat/local-stack/testing'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import type { Test } from 'tap'

const getServerUrl = (): string => getTestServers().databaseUrl

export interface Database {
  url: string
  name: string
  /** Opens a separate pool, as another node does. */
  openNode(connectionLimit?: number): Mysql
}

/** Creates an empty database for one test and drops it at the end. */
export async function createEmptyDatabase(t: Test): Promise<Database> {
  const name = `ec_test_${randomBytes(6).toString('hex')}`
  const admin = await createConnection(getServerUrl())
  await admin.query(`CREATE DATABASE ${name}`)
  const nodes: Mysql[] = []
  t.teardown(async () => {
    await Promise.all(nodes.map((node) => node.close()))
    await admin.query(`DROP DATABASE ${name}`)
    await admin.end()
  })
  const url = new URL(getServerUrl())
  url.pathname = `/${name}`
  return {
    url: url.href,
    name,
    openNode(connectionLimit = 5) {
      const mysql = openMysql(url.href, { connectionLimit })
      nodes.push(mysql)
      return mysql
    },
  }
}

/** Creates a database that contains the tables. */
export async function createMigratedDatabase(t: Test): Promise<Database> {
  const database = await createEmptyDatabase(t)
  await migrate(database.openNode())
  return database
}

export async function createRoom({ pool }: Mysql): Promise<string> {
  const event_id = createId()
  await pool.execute(
    `INSERT INTO events (event_id, event_name, message, context, severity, source)
     VALUES (?, 'Strange logins', 'Forty failed logins.', '', 'high', 'siem')`,
    [event_id],
  )
  return event_id
}

export function createQuestion(event_id: string, fields: Partial<NewQuestion> = {}): NewQuestion {
  const user_id = fields.user_id ?? 'alice'
  const text = fields.text ?? 'What should we contain first?'
  return {
    event_id,
    user_id,
    text,
    client_message_id: null,
    request_hash: sha256(text),
    session_id: null,
    visibility: null,
    model: null,
    forbidden_tlp: [],
    max_rounds: 10,
    question_id: createId(),
    reply_id: createId(),
    new_session_id: createSessionId(event_id, user_id),
    ...fields,
  }
}

/** Calls `run` `count` times at the same time, each time with another index. */
export const runConcurrently = <T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => run(index)))

/** Reads the sequence numbers of the room's rows, and the room's last number. */
export async function readNumbers({ pool }: Mysql, event_id: string) {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT position, seq FROM messages WHERE event_id = ? ORDER BY seq',
    [event_id],
  )
  const [[event]] = await pool.query<RowDataPacket[]>('SELECT seq FROM events WHERE event_id = ?', [event_id])
  return { seqs: rows.map((row) => row.seq as number), last: event?.seq as number }
}

export const countUpTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
