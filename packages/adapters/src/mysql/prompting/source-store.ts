import type { EventFactsCache } from '@engineer-chat/chat/events'
import { MAX_COMMAND_SOURCES, type SourceStore, VISIT_PAUSE_MINUTES } from '@engineer-chat/chat/prompting'
import type { EventChange, PersonPost } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { executeRows, parseJson, queryRows, type TableRow, toIso } from '../core/index.ts'
import { SUMMARY_COLUMNS, type SummaryRecord, toSummary } from '../events/index.ts'
import type { MessageRecord } from '../rooms/index.ts'
import type { messages } from '../schema/index.ts'
import { findCurrentContext } from './reply-context.ts'

export function createSourceStore(pool: Pool, facts?: EventFactsCache): SourceStore {
  return {
    findContext: (asked, historyLimit) => findCurrentContext({ pool, facts }, asked, historyLimit),
    async getCommandSources({ event_id, user_id, audiences, unread }) {
      const since = unread ? await findReadPosition(pool, event_id, user_id) : null
      const [summaries, changes, posts] = await Promise.all([
        readNewestSummaries(pool, event_id, since ?? 0),
        readNewestChanges(pool, event_id, since ?? 0),
        readNewestPosts(pool, event_id, audiences, since ?? 0),
      ])
      return { since, summaries, changes, posts }
    },
  }
}

/** Is null if the user has never read there. */
async function findReadPosition(pool: Pool, event_id: string, user_id: string): Promise<number | null> {
  const [mark] = await executeRows<{ since: number }>(
    pool,
    `SELECT IF(updated_at < NOW(3) - INTERVAL ${VISIT_PAUSE_MINUTES} MINUTE, position, visit_position) AS since
     FROM read_marks WHERE event_id = ? AND user_id = ? AND position > 0`,
    [event_id, user_id],
  )
  return mark ? Number(mark.since) : null
}

// A summary's version is the room's number that it took.
async function readNewestSummaries(pool: Pool, event_id: string, afterId: number) {
  const rows = await queryRows<SummaryRecord>(
    pool,
    `SELECT ${SUMMARY_COLUMNS} FROM summaries WHERE event_id = ? AND CAST(version AS UNSIGNED) > ?
     ORDER BY id DESC LIMIT ?`,
    [event_id, afterId, MAX_COMMAND_SOURCES.summaries],
  )
  return rows.reverse().map(toSummary)
}

async function readNewestChanges(pool: Pool, event_id: string, afterId: number): Promise<EventChange[]> {
  const rows = await queryRows<EventChange>(
    pool,
    'SELECT seq, changed, created_at FROM event_changes WHERE event_id = ? AND seq > ? ORDER BY seq DESC LIMIT ?',
    [event_id, afterId, MAX_COMMAND_SOURCES.changes],
  )
  return rows
    .reverse()
    .map(({ seq, changed, created_at }) => ({ seq, changed: parseJson(changed), created_at: toIso(created_at) }))
}

async function readNewestPosts(
  pool: Pool,
  event_id: string,
  audiences: string[],
  afterId: number,
): Promise<PersonPost[]> {
  const rows = await queryRows<
    Pick<TableRow<typeof messages>, 'message_id' | 'position' | 'created_at'> &
      Pick<MessageRecord, 'message_content'> & { username: string }
  >(
    pool,
    `SELECT m.message_id, m.position, COALESCE(u.username, m.message_from) AS username, m.message_content, m.created_at
     FROM messages m FORCE INDEX (idx_message_category) LEFT JOIN users u ON u.user_id = m.user_id
     WHERE m.message_category = 'room' AND m.sender_type = 'user' AND m.event_id = ? AND m.position > ? AND m.audience IN (?)
     ORDER BY m.position DESC LIMIT ?`,
    [event_id, afterId, audiences, MAX_COMMAND_SOURCES.posts],
  )
  return rows.reverse().map((row) => ({
    message_id: row.message_id,
    position: row.position,
    username: row.username,
    content: parseJson(row.message_content).content,
    created_at: toIso(row.created_at),
  }))
}
