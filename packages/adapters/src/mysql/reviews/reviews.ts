import { getModelText } from '@engineer-chat/chat/replying'
import type { ReviewStore, StoredFlaggedReply } from '@engineer-chat/chat/reviews'
import type { ReplyRef } from '@engineer-chat/chat/shared'
import type { FilterFinding } from '@engineer-chat/protocol'
import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import {
  type Database,
  fromCursor,
  ifGiven,
  isAfterKey,
  NOW,
  type Tx,
  toCursor,
  toDatabase,
  toItems,
} from '../core/index.ts'
import { toVisibility } from '../rooms/index.ts'
import { flaggedReplies, messages } from '../schema/index.ts'

/** Flags the reply in the transaction that finishes it. A flag after a retry replaces the earlier flag and verdict. */
export async function storeFlag(tx: Tx, { message_id, attempt }: ReplyRef, hits: FilterFinding[]): Promise<void> {
  const unjudged = { verdict: null, note: null, reviewed_by: null, reviewed_at: null }
  await toDatabase(tx)
    .insert(flaggedReplies)
    .values({ message_id, attempt, hits })
    .onDuplicateKeyUpdate({ set: { attempt, hits, created_at: NOW, ...unjudged } })
}

export function createReviewStore(pool: Pool): ReviewStore {
  const db = toDatabase(pool)
  return {
    async list({ cursor, limit, verdict, kind }) {
      const afterKey = cursor === undefined ? undefined : fromCursor(cursor)
      if (cursor !== undefined && !afterKey) return { items: [], next_cursor: null }
      const found = await selectFlaggedReplies(
        db,
        and(
          ifGiven(verdict, (value) =>
            value === 'none' ? isNull(flaggedReplies.verdict) : eq(flaggedReplies.verdict, value),
          ),
          ifGiven(
            kind,
            (value) => sql`JSON_SEARCH(${flaggedReplies.hits}, 'one', ${value}, NULL, '$[*].kind') IS NOT NULL`,
          ),
          afterKey && isAfterKey(flaggedReplies.created_at, flaggedReplies.message_id, afterKey),
        ),
      )
        .orderBy(desc(flaggedReplies.created_at), desc(flaggedReplies.message_id))
        .limit(limit + 1)
      return toItems(found.map(toFlaggedReply), limit, ({ reply }) => toCursor(reply.created_at, reply.message_id))
    },
    async judge(message_id, { verdict, note, user_id }) {
      const [judged] = await db
        .update(flaggedReplies)
        .set({ verdict, note, reviewed_by: user_id, reviewed_at: NOW })
        .where(eq(flaggedReplies.message_id, message_id))
      if (judged.affectedRows === 0) return undefined
      const [row] = await selectFlaggedReplies(db, eq(flaggedReplies.message_id, message_id))
      return row && toFlaggedReply(row)
    },
  }
}

const selectFlaggedReplies = (db: Database, where: SQL | undefined) =>
  db
    .select({
      message_id: flaggedReplies.message_id,
      hits: flaggedReplies.hits,
      verdict: flaggedReplies.verdict,
      note: flaggedReplies.note,
      reviewed_by: flaggedReplies.reviewed_by,
      reviewed_at: flaggedReplies.reviewed_at,
      created_at: flaggedReplies.created_at,
      is_current: IS_CURRENT,
      event_id: messages.event_id,
      user_id: messages.user_id,
      audience: messages.audience,
      message_content: messages.message_content,
    })
    .from(flaggedReplies)
    .innerJoin(messages, eq(messages.message_id, flaggedReplies.message_id))
    .where(where)

/** Is true if the message still has the flagged text, which a retry replaces. */
const IS_CURRENT =
  sql`${flaggedReplies.attempt} = ${messages.attempt} AND ${messages.message_type} IN ('chat', 'error')`.mapWith(
    Boolean,
  )

type FlaggedRow = Awaited<ReturnType<typeof selectFlaggedReplies>>[number]

function toFlaggedReply({ audience, is_current, message_content, ...flagged }: FlaggedRow): StoredFlaggedReply {
  const { model = null, prompt_version = null } = message_content
  return {
    reply: {
      message_id: flagged.message_id,
      event_id: flagged.event_id,
      user_id: flagged.user_id,
      visibility: toVisibility(audience),
      model,
      prompt_version,
      hits: flagged.hits,
      verdict: flagged.verdict,
      note: flagged.note,
      reviewed_by: flagged.reviewed_by,
      reviewed_at: flagged.reviewed_at,
      created_at: flagged.created_at,
    },
    text: is_current ? getModelText(message_content) : null,
  }
}
