import type { DeadLetter, DeadLetterStore } from '@engineer-chat/chat/replying'
import { and, count, desc, eq, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { ifGiven, toDatabase } from '../core/index.ts'
import { messages } from '../schema/index.ts'

const CODE = sql<string>`JSON_UNQUOTE(JSON_EXTRACT(${messages.message_content}, '$.error.code'))`

const DEAD_LETTER_FIELDS = {
  message_id: messages.message_id,
  event_id: messages.event_id,
  seq: messages.seq,
  /** A reply always has its asker. */
  user_id: sql<string>`${messages.user_id}`,
  code: CODE,
  attempts: messages.attempt,
  asked_at: messages.created_at,
  failed_at: messages.updated_at,
} satisfies Record<keyof DeadLetter, unknown>

const IS_DEAD = and(
  eq(messages.sender_type, 'system'),
  eq(messages.message_type, 'error'),
  isNull(messages.due_at),
  isNotNull(messages.reply_to),
)

/** Rows of two rooms may have the same time and the same `seq`, so the id is compared last. */
const isAfterCursor = ({ failed_at, seq, message_id }: DeadLetter) =>
  or(
    lt(messages.updated_at, failed_at),
    and(
      eq(messages.updated_at, failed_at),
      or(lt(messages.seq, seq), and(eq(messages.seq, seq), lt(messages.message_id, message_id))),
    ),
  )

/** This index begins with sender and type. By `system` and `error`, it finds dead letters only. */
const BY_SENDER = { forceIndex: 'idx_sender_type' }

export function createDeadLetterStore(pool: Pool): DeadLetterStore {
  const db = toDatabase(pool)
  return {
    async list({ code, limit, after }) {
      return db
        .select(DEAD_LETTER_FIELDS)
        .from(messages, BY_SENDER)
        .where(
          and(
            IS_DEAD,
            ifGiven(code, (value) => eq(CODE, value)),
            ifGiven(after, isAfterCursor),
          ),
        )
        .orderBy(desc(messages.updated_at), desc(messages.seq), desc(messages.message_id))
        .limit(limit)
    },
    async find(message_id) {
      const [found] = await db
        .select(DEAD_LETTER_FIELDS)
        .from(messages)
        .where(and(eq(messages.message_id, message_id), IS_DEAD))
      return found
    },
    async count({ code } = {}) {
      const isSelected = and(
        IS_DEAD,
        ifGiven(code, (value) => eq(CODE, value)),
      )
      const [row] = await db.select({ count: count() }).from(messages, BY_SENDER).where(isSelected)
      return row?.count ?? 0
    },
  }
}
