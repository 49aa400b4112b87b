import type { Message } from '@engineer-chat/protocol'
import { and, desc, gte, inArray, isNotNull, lte } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Database, toDatabase } from '../core/index.ts'
import { auditLog } from '../schema/index.ts'

/** The entry of a question is written in its transaction, and that of a retry right after it. */
const MAX_LATER_MS = 3_000

/**
 * Finds the request in the audit by the time at which the reply was asked for: a column of the messages' table would
 * cost each question, and few replies need it.
 */
export async function findRequestId(
  pool: Pool,
  { message_id, reply_to, created_at, updated_at }: Message,
): Promise<string | undefined> {
  const db = toDatabase(pool)
  const ids = [message_id, ...(reply_to === null ? [] : [reply_to])]
  const retried = created_at === updated_at ? undefined : await findEntry(db, ids, updated_at)
  return retried ?? (await findEntry(db, ids, created_at))
}

async function findEntry(db: Database, ids: string[], at: string): Promise<string | undefined> {
  const until = new Date(Date.parse(at) + MAX_LATER_MS).toISOString()
  const [entry] = await db
    .select({ request_id: auditLog.request_id })
    .from(auditLog)
    .where(
      and(
        ...[gte(auditLog.created_at, at), lte(auditLog.created_at, until), isNotNull(auditLog.request_id)],
        ...[inArray(auditLog.object_id, ids), inArray(auditLog.action, ['send', 'retry'])],
      ),
    )
    .orderBy(desc(auditLog.created_at)) // The order keeps the server on the index by time.
    .limit(1)
  return entry?.request_id ?? undefined
}
