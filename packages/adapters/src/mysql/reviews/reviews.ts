import { modelText } from '@engineer-chat/chat/replying'
import type { ReviewStore, StoredFlaggedReply } from '@engineer-chat/chat/reviews'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { FlaggedReply, Hit, MessageContent } from '@engineer-chat/protocol'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows, fromCursor, fromIso, queryRows, type Tx, toCursor, toIso, toItems } from '../core/index.ts'
import { parseContent, toVisibility } from '../rooms/index.ts'

/** Flags the reply in the write that finishes it. A retried reply is flagged anew. */
export async function storeFlag(tx: Tx, { message_id, attempt }: ReplyRef, hits: Hit[]): Promise<void> {
  await tx.execute(
    `INSERT INTO flagged_replies (message_id, attempt, hits) VALUES (?, ?, ?)
     ON DUPLICATE KEY UPDATE attempt = VALUES(attempt), hits = VALUES(hits), created_at = NOW(3),
       verdict = NULL, note = NULL, reviewed_by = NULL, reviewed_at = NULL`,
    [message_id, attempt, JSON.stringify(hits)],
  )
}

export function createReviewStore(pool: Pool): ReviewStore {
  return {
    async list({ cursor, limit, verdict, kind }) {
      const last = cursor === undefined ? undefined : fromCursor(cursor)
      if (cursor !== undefined && !last) return { items: [], next_cursor: null }
      const where = [
        ...(verdict === 'none' ? ['f.verdict IS NULL'] : []),
        ...(verdict !== undefined && verdict !== 'none' ? ['f.verdict = ?'] : []),
        ...(kind !== undefined ? ["JSON_SEARCH(f.hits, 'one', ?, NULL, '$[*].kind') IS NOT NULL"] : []),
        ...(last ? ['(f.created_at, f.message_id) < (?, ?)'] : []),
      ].join(' AND ')
      const rows = await queryRows<FlaggedRecord>(
        pool,
        `${SELECT} ${where && `WHERE ${where}`} ORDER BY f.created_at DESC, f.message_id DESC LIMIT ?`,
        [
          ...(verdict !== undefined && verdict !== 'none' ? [verdict] : []),
          ...(kind !== undefined ? [kind] : []),
          ...(last ? [fromIso(last.created_at), last.id] : []),
          limit + 1,
        ],
      )
      return toItems(rows.map(toFlaggedReply), limit, ({ reply }) => toCursor(reply.created_at, reply.message_id))
    },
    async judge(message_id, { verdict, note, user_id }) {
      const [judged] = await pool.execute<ResultSetHeader>(
        'UPDATE flagged_replies SET verdict = ?, note = ?, reviewed_by = ?, reviewed_at = NOW(3) WHERE message_id = ?',
        [verdict, note, user_id, message_id],
      )
      if (judged.affectedRows === 0) return undefined
      const [row] = await executeRows<FlaggedRecord>(pool, `${SELECT} WHERE f.message_id = ?`, [message_id])
      return row && toFlaggedReply(row)
    },
  }
}

const SELECT = `SELECT f.message_id, f.hits, f.verdict, f.note, f.reviewed_by, f.reviewed_at, f.created_at,
    f.attempt = m.attempt AND m.message_type IN ('chat', 'error') AS is_current, m.event_id, m.user_id, m.audience, m.message_content
  FROM flagged_replies f JOIN messages m ON m.message_id = f.message_id`

interface FlaggedRecord extends Omit<FlaggedReply, 'hits' | 'text' | 'visibility'> {
  hits: Hit[] | string
  is_current: number
  audience: string
  message_content: MessageContent | string
}

function toFlaggedReply(record: FlaggedRecord): StoredFlaggedReply {
  const content = parseContent(record.message_content)
  const { model = null, prompt_version = null } = content
  return {
    reply: {
      message_id: record.message_id,
      event_id: record.event_id,
      user_id: record.user_id,
      visibility: toVisibility(record.audience),
      model,
      prompt_version,
      hits: typeof record.hits === 'string' ? JSON.parse(record.hits) : record.hits,
      text: null,
      verdict: record.verdict,
      note: record.note,
      reviewed_by: record.reviewed_by,
      reviewed_at: record.reviewed_at === null ? null : toIso(record.reviewed_at),
      created_at: toIso(record.created_at),
    },
    audience: record.audience,
    text: record.is_current ? modelText(content) : null,
  }
}
