import type { FactsCache } from '@engineer-chat/chat/events'
import { type Materials, MOST_MATERIAL, VISIT_PAUSE_MINUTES } from '@engineer-chat/chat/prompting'
import type { EventChange, PersonPost } from '@engineer-chat/chat/shared'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import { toIso } from '../core/index.ts'
import { SUMMARY_COLUMNS, type SummaryRecord, summaryOf } from '../events/index.ts'
import { contentOf } from '../rooms/index.ts'
import { contextNow } from './reply-context.ts'

export function mysqlMaterials(pool: Pool, facts?: FactsCache): Materials {
  return {
    contextOf: (asked, history_limit) => contextNow({ pool, facts }, asked, history_limit),
    async material({ event_id, user_id, audiences, unread }) {
      const since = unread ? await readBefore(pool, event_id, user_id) : null
      const [summaries, changes, posts] = await Promise.all([
        newestSummaries(pool, event_id, since ?? 0),
        newestChanges(pool, event_id, since ?? 0),
        newestPosts(pool, event_id, audiences, since ?? 0),
      ])
      return { since, summaries, changes, posts }
    },
  }
}

/** Null: the user has never read there. */
async function readBefore(pool: Pool, event_id: string, user_id: string): Promise<number | null> {
  const [[mark]] = await pool.execute<RowDataPacket[]>(
    `SELECT IF(updated_at < NOW(3) - INTERVAL ${VISIT_PAUSE_MINUTES} MINUTE, position, visit_position) AS since
     FROM read_marks WHERE event_id = ? AND user_id = ?`,
    [event_id, user_id],
  )
  return mark ? Number(mark.since) : null
}

// A summary's version is the room's number that it took.
async function newestSummaries(pool: Pool, event_id: string, after: number) {
  const [rows] = await pool.query<SummaryRecord[]>(
    `SELECT ${SUMMARY_COLUMNS} FROM summaries WHERE event_id = ? AND CAST(version AS UNSIGNED) > ?
     ORDER BY id DESC LIMIT ?`,
    [event_id, after, MOST_MATERIAL.summaries],
  )
  return rows.reverse().map(summaryOf)
}

async function newestChanges(pool: Pool, event_id: string, after: number): Promise<EventChange[]> {
  const [rows] = await pool.query<Array<EventChange & RowDataPacket>>(
    'SELECT seq, changed, created_at FROM event_changes WHERE event_id = ? AND seq > ? ORDER BY seq DESC LIMIT ?',
    [event_id, after, MOST_MATERIAL.changes],
  )
  return rows
    .reverse()
    .map(({ seq, changed, created_at }) => ({ seq, changed: parsed(changed), created_at: toIso(created_at) }))
}

const parsed = <T>(json: T | string): T => (typeof json === 'string' ? JSON.parse(json) : json)

async function newestPosts(pool: Pool, event_id: string, audiences: string[], after: number): Promise<PersonPost[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT m.message_id, m.position, COALESCE(u.username, m.message_from) AS username, m.message_content, m.created_at
     FROM messages m FORCE INDEX (idx_message_category) LEFT JOIN users u ON u.user_id = m.user_id
     WHERE m.message_category = 'room' AND m.event_id = ? AND m.position > ? AND m.audience IN (?)
     ORDER BY m.position DESC LIMIT ?`,
    [event_id, after, audiences, MOST_MATERIAL.posts],
  )
  return rows.reverse().map((row) => ({
    message_id: row.message_id,
    position: row.position,
    username: row.username,
    content: contentOf(row.message_content).content,
    created_at: toIso(row.created_at),
  }))
}
