import type { ClosedEventStore, SharedRound } from '@engineer-chat/chat/documents'
import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import type { Pool } from 'mysql2/promise'
import { type Database, NOW, toDatabase } from '../core/index.ts'
import { findCurrentSummary, findEvent } from '../events/index.ts'
import { eventClosings, events, messages } from '../schema/index.ts'

export function createClosedEventStore(pool: Pool): ClosedEventStore {
  const db = toDatabase(pool)
  return {
    listPending: (limit) =>
      db
        .select({ event_id: events.event_id, seq: events.seq })
        .from(events)
        .leftJoin(eventClosings, eq(eventClosings.event_id, events.event_id))
        .where(
          and(eq(events.event_status, 'closed'), or(isNull(eventClosings.event_id), lt(eventClosings.seq, events.seq))),
        )
        .limit(limit),
    async find(event_id, maxRounds) {
      const event = await findEvent(pool, event_id)
      if (!event) return undefined
      const summary = (await findCurrentSummary(db, event_id)) ?? null
      return { event, summary, rounds: await listSharedRounds(db, event_id, maxRounds) }
    },
    async markDone({ event_id, seq }) {
      const higherSeq = sql`GREATEST(${eventClosings.seq}, ${seq})`
      await db
        .insert(eventClosings)
        .values({ event_id, seq })
        .onDuplicateKeyUpdate({ set: { seq: higherSeq, updated_at: NOW } })
    },
  }
}

/** The audience of a shared session's rows is `people`. */
async function listSharedRounds(db: Database, event_id: string, limit: number): Promise<SharedRound[]> {
  const replies = alias(messages, 'reply')
  const rounds = await db
    .select({ question: messages.message_content, answer: replies.message_content })
    .from(messages)
    .innerJoin(replies, eq(replies.reply_to, messages.message_id))
    .where(
      and(
        eq(messages.event_id, event_id),
        eq(messages.audience, 'people'),
        eq(messages.message_category, 'engineer_chat'),
        eq(replies.message_type, 'chat'),
      ),
    )
    .orderBy(desc(messages.position))
    .limit(limit)
  return rounds.map(({ question, answer }) => ({ question: question.content, answer }))
}
