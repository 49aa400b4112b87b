import { and, asc, desc, eq, gte, inArray, lte, max, or, type SQL, sql } from 'drizzle-orm'
import { type Database, type Mysql, toDatabase } from '../core/index.ts'
import { auditLog, llmCalls, messages, postponedReplies, replyVersions } from '../schema/index.ts'

/** Describes one step of a question's life that MySQL records. It holds ids, numbers and codes, and no text. */
interface TraceEntry {
  at: string
  /** Names the step in words, such as `model called`. */
  what: string
  fields: Record<string, string | number | null>
}

export interface QuestionTrace {
  question_id: string
  reply_id: string | null
  /** Lists the requests that the audit names: the question's own, and later ones, such as a retry of the reply. */
  request_ids: string[]
  entries: TraceEntry[]
}

/**
 * Reads the life of a question. `id` is the id of the question, of its reply, or of a request that concerned them.
 * Resolves to undefined if no question has this id.
 */
export async function findTrace({ pool }: Pick<Mysql, 'pool'>, id: string): Promise<QuestionTrace | undefined> {
  const db = toDatabase(pool)
  const found =
    (await findQuestionAndReply(db, [id])) ?? (await findQuestionAndReply(db, await listMessagesOfRequest(db, id)))
  if (!found) return undefined
  const { question, reply } = found
  const ids = [question.message_id, ...(reply ? [reply.message_id] : [])]
  const auditRows = await listAuditRows(db, question.event_id, ids)
  const replyEntries = reply ? await listReplyEntries(db, reply) : []
  const entries = [toQuestionEntry(question), ...auditRows.map(toAuditEntry), ...replyEntries]
  return {
    question_id: question.message_id,
    reply_id: reply?.message_id ?? null,
    request_ids: [...new Set(auditRows.flatMap(({ request_id }) => request_id ?? []))],
    entries: entries.toSorted((a, b) => a.at.localeCompare(b.at)),
  }
}

const MESSAGE_FIELDS = {
  message_id: messages.message_id,
  reply_to: messages.reply_to,
  event_id: messages.event_id,
  session_id: messages.chat_session_id,
  user_id: messages.user_id,
  message_type: messages.message_type,
  seq: messages.seq,
  attempt: messages.attempt,
  tries: messages.tries,
  due_at: messages.due_at,
  lease_until: messages.lease_until,
  model: sql<string | null>`JSON_UNQUOTE(JSON_EXTRACT(${messages.message_content}, '$.model'))`,
  finish_reason: sql<string | null>`JSON_UNQUOTE(JSON_EXTRACT(${messages.message_content}, '$.finish_reason'))`,
  code: sql<string | null>`JSON_UNQUOTE(JSON_EXTRACT(${messages.message_content}, '$.error.code'))`,
  created_at: messages.created_at,
  updated_at: messages.updated_at,
}

type MessageRow = Awaited<ReturnType<typeof listRows>>[number]

const listRows = (db: Database, ids: string[]) =>
  db
    .select(MESSAGE_FIELDS)
    .from(messages)
    .where(and(or(inArray(messages.message_id, ids), inArray(messages.reply_to, ids)), isQuestionOrReply))

const isQuestionOrReply = eq(messages.message_category, 'engineer_chat')

/** Finds the question and its reply, if one of the two has one of these ids. */
async function findQuestionAndReply(
  db: Database,
  ids: string[],
): Promise<{ question: MessageRow; reply: MessageRow | undefined } | undefined> {
  if (ids.length === 0) return undefined
  const [first] = await listRows(db, ids)
  if (!first) return undefined
  const rows = await listRows(db, [first.reply_to ?? first.message_id])
  const question = rows.find(({ reply_to }) => reply_to === null)
  return question && { question, reply: rows.find(({ reply_to }) => reply_to !== null) }
}

/** The clocks of API nodes and MySQL differ by less than this, and every request takes less time. */
const MAX_CLOCK_DIFFERENCE_MS = 5 * 60_000
/** If a request's id contains no time, only this many of the newest entries are searched for it. */
const MAX_SEARCHED_ENTRIES = 100_000

/**
 * Searches a bounded part of the audit, because an index by request would make each question slower. Ids that this
 * system created contain a time, so the index by time finds them. Ids of a proxy are searched among the newest entries.
 */
async function listMessagesOfRequest(db: Database, request_id: string): Promise<string[]> {
  const createdAtMs = findCreationTime(request_id)
  const searched = createdAtMs === undefined ? await selectNewestEntries(db) : selectEntriesAround(createdAtMs)
  const rows = await db
    .select({ message_id: auditLog.object_id })
    .from(auditLog)
    .where(and(searched.range, eq(auditLog.request_id, request_id), eq(auditLog.object_type, 'message')))
    .orderBy(desc(searched.sortColumn))
    .limit(1)
  return rows.flatMap(({ message_id }) => message_id ?? [])
}

/**
 * Returns the milliseconds since 1970 that a UUID of version 7 contains: 0190163d-8694 in
 * `0190163d-8694-739b-aea5-966c26f8ad91`.
 */
function findCreationTime(id: string): number | undefined {
  const [, high, low] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.exec(id) ?? []
  return high === undefined || low === undefined ? undefined : Number.parseInt(`${high}${low}`, 16)
}

const toIsoTime = (timeMs: number): string => new Date(timeMs).toISOString()

const selectEntriesAround = (timeMs: number) => ({
  sortColumn: auditLog.created_at,
  range: and(
    gte(auditLog.created_at, toIsoTime(timeMs - MAX_CLOCK_DIFFERENCE_MS)),
    lte(auditLog.created_at, toIsoTime(timeMs + MAX_CLOCK_DIFFERENCE_MS)),
  ),
})

async function selectNewestEntries(db: Database): Promise<{ sortColumn: typeof auditLog.id; range: SQL }> {
  const [newest] = await db.select({ id: max(auditLog.id) }).from(auditLog)
  return { sortColumn: auditLog.id, range: gte(auditLog.id, (newest?.id ?? 0) - MAX_SEARCHED_ENTRIES) }
}

/** The condition on the event lets an index find the few entries. */
const listAuditRows = (db: Database, event_id: string, ids: string[]) =>
  db
    .select({
      at: auditLog.created_at,
      action: auditLog.action,
      actor: auditLog.actor,
      request_id: auditLog.request_id,
      message_id: auditLog.object_id,
    })
    .from(auditLog)
    .where(and(eq(auditLog.event_id, event_id), inArray(auditLog.object_id, ids)))
    .orderBy(asc(auditLog.id))

const toAuditEntry = ({ at, action, ...fields }: Awaited<ReturnType<typeof listAuditRows>>[number]): TraceEntry => ({
  at,
  what: `audited: ${action}`,
  fields,
})

const toQuestionEntry = ({ message_id, event_id, session_id, user_id, seq, created_at }: MessageRow): TraceEntry => ({
  at: created_at,
  what: 'question stored',
  fields: { message_id, event_id, session_id, user_id, seq },
})

async function listReplyEntries(db: Database, reply: MessageRow): Promise<TraceEntry[]> {
  const { message_id } = reply
  const calls = await db.select().from(llmCalls).where(eq(llmCalls.message_id, message_id)).orderBy(asc(llmCalls.id))
  const versions = await db.select().from(replyVersions).where(eq(replyVersions.message_id, message_id))
  const waits = await db.select().from(postponedReplies).where(eq(postponedReplies.message_id, message_id))
  return [
    { at: reply.created_at, what: 'reply accepted', fields: { message_id } },
    ...versions.map(({ attempt, message_type, finished_at: at }) => ({
      at,
      what: 'reply ended, and was asked again later',
      fields: { message_type, attempt },
    })),
    ...waits.map(({ created_at: at, model_id, attempt, ready_at }) => ({
      at,
      what: 'reply postponed: its model is busy',
      fields: { model_id, attempt, ready_at },
    })),
    ...calls.map(({ created_at: at, model, model_id, attempt, outcome, error_code, first_token_ms, total_ms }) => ({
      at,
      what: 'model called',
      fields: { model, model_id, attempt, outcome, code: error_code, first_token_ms, duration_ms: total_ms },
    })),
    toReplyState(reply),
  ]
}

function toReplyState(reply: MessageRow): TraceEntry {
  const { attempt, tries, due_at, lease_until, message_type, model, finish_reason, code, seq } = reply
  if (due_at !== null)
    return {
      at: reply.updated_at,
      what: lease_until === null ? 'reply waits' : 'reply is being written',
      fields: { attempt, tries, due_at, lease_until },
    }
  return {
    at: reply.updated_at,
    what: 'reply ended',
    fields: { message_type, finish_reason, code, model, attempt, seq },
  }
}
