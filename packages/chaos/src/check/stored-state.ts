import { openMysql } from '@engineer-chat/adapters/mysql'
import type { MessageContent } from '@engineer-chat/protocol'
import type { RowDataPacket } from 'mysql2/promise'

export interface StoredRow {
  message_id: string
  event_id: string
  position: number
  seq: number
  audience: string
  user_id: string | null
  message_from: string
  message_type: string
  message_category: string
  chat_session_id: string | null
  reply_to: string | null
  client_message_id: string | null
  attempt: number
  tries: number
  /** Holds 1 while the row is a reply that has not ended, else 0. */
  unfinished: number
  content: MessageContent
}

/**
 * Holds what MySQL stores at the end of a run. This package reads it by its own SELECT statements, because the
 * product's statements may be wrong.
 */
export interface StoredState {
  rows: StoredRow[]
  /** Maps each room to its last sequence number. */
  lastSeqByRoom: Map<string, number>
  sessions: Array<{ session_id: string; rounds: number; max_rounds: number; active: number }>
}

export async function readStoredState(url: string): Promise<StoredState> {
  const mysql = openMysql(url, { connectionLimit: 1 })
  const query = async <T extends object>(sql: string) => (await mysql.pool.query<Array<T & RowDataPacket>>(sql))[0]
  const rows = await query<Omit<StoredRow, 'content'> & { json: MessageContent | string }>(
    `SELECT message_id, event_id, position, seq, audience, user_id, message_from, message_type, message_category,
       chat_session_id, reply_to, client_message_id, attempt, tries, due_at IS NOT NULL AS unfinished,
       message_content AS json FROM messages ORDER BY event_id, position`,
  )
  const rooms = await query<{ event_id: string; seq: number }>('SELECT event_id, seq FROM events')
  const sessions = await query<StoredState['sessions'][number]>(
    'SELECT session_id, rounds, max_rounds, active_slot IS NOT NULL AS active FROM chat_sessions',
  )
  await mysql.close()
  return {
    // MariaDB may return JSON as a text, which the driver does not parse.
    rows: rows.map(({ json, ...row }) => ({ ...row, content: typeof json === 'string' ? JSON.parse(json) : json })),
    lastSeqByRoom: new Map(rooms.map(({ event_id, seq }) => [event_id, seq])),
    sessions,
  }
}

/** Counts the replies that have not ended. */
export async function countUnfinished(url: string): Promise<number> {
  const mysql = openMysql(url, { connectionLimit: 1 })
  const [rows] = await mysql.pool.query<Array<{ count: number } & RowDataPacket>>(
    'SELECT COUNT(*) AS count FROM messages WHERE due_at IS NOT NULL',
  )
  await mysql.close()
  return rows[0]?.count ?? 0
}
