import type { EventFactsCache } from '@engineer-chat/chat/events'
import { findQuotedPerson, type SourceStore, toQuotedText } from '@engineer-chat/chat/prompting'
import type { PastTurn, ReplyContext } from '@engineer-chat/chat/shared'
import { type Message, type MessageContent, type MessageQuote, readQuote } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import {
  createRead,
  executeRows,
  parseJson,
  queryRows,
  runTogether,
  type Statement,
  type TableRow,
} from '../core/index.ts'
import { FACTS_VERSION, type FactsVersion, getEventFacts } from '../events/index.ts'
import { selectQuestions } from '../rooms/index.ts'
import type { chatSessions, events, users } from '../schema/index.ts'

/** Names the reply, and the cache of event facts. */
export interface ContextDependencies {
  pool: Pool
  facts?: EventFactsCache | undefined
}

/**
 * Reads the context that a model gets for this reply. It excludes messages after the question, which exist for a
 * retried reply.
 */
export async function findReplyContext(
  source: ContextDependencies,
  message_id: string,
  historyLimit: number,
): Promise<ReplyContext | undefined> {
  const [question] = await executeRows<FactsVersion & QuestionRow>(
    source.pool,
    `SELECT q.event_id, q.chat_session_id, q.position, q.event_summary_version, q.message_content, e.seq, ${FACTS_VERSION}
     FROM messages r JOIN messages q ON q.message_id = r.reply_to JOIN events e ON e.event_id = q.event_id
     WHERE r.message_id = ?`,
    [message_id],
  )
  if (!question) return undefined
  const { chat_session_id, position, event_summary_version, message_content } = question
  return readContext(source, question, { chat_session_id, position }, historyLimit, {
    version: event_summary_version,
    ...readQuestion(message_content),
  })
}

/** Reads the same context for a question that is not stored yet. */
export async function findCurrentContext(
  source: ContextDependencies,
  { event_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  historyLimit: number,
): Promise<ReplyContext | undefined> {
  const [now] = await executeRows<FactsVersion & Pick<TableRow<typeof events>, 'summary_version'>>(
    source.pool,
    `SELECT e.event_id, e.seq, e.summary_version, ${FACTS_VERSION} FROM events e WHERE e.event_id = ?`,
    [event_id],
  )
  if (!now) return undefined
  const place = { chat_session_id: session_id, position: Number.MAX_SAFE_INTEGER }
  return readContext(source, now, place, historyLimit, { version: now.summary_version, question, quote })
}

type Place = Pick<Message, 'chat_session_id' | 'position'>

type QuestionRow = Place & Pick<Message, 'event_summary_version'> & { message_content: MessageContent | string }

/** `version` is the summary's version at the time of the question. */
async function readContext(
  { pool, facts: cache }: ContextDependencies,
  now: FactsVersion,
  place: Place,
  historyLimit: number,
  { version, question, quote }: StoredQuestion & { version: string | null },
): Promise<ReplyContext | undefined> {
  const [facts, [[previous], history, carried_over]] = await Promise.all([
    getEventFacts(pool, cache, now),
    runTogether(pool, [
      selectQuestions(place),
      selectTurnsBefore(place, Math.floor(historyLimit / 2)),
      selectCarriedOver(place),
    ]),
  ])
  if (!facts) return undefined
  const { event, summary } = facts
  const summary_updated = previous !== undefined && previous.event_summary_version !== version
  const quotes = await createQuoteReader(pool, [quote, ...history.map((turn) => turn.quote)])
  return {
    event,
    summary,
    summary_updated,
    history: history.map(({ quote: quoted, ...turn }) => ({ ...turn, ...quotes(quoted) })),
    carried_over,
    question,
    ...quotes(quote),
  }
}

/** Reads the names of the quoted people, if there are any, and returns how a quote is told. */
async function createQuoteReader(
  pool: Pool,
  quotes: Array<MessageQuote | undefined>,
): Promise<(quote: MessageQuote | undefined) => Pick<ReplyContext, 'quote'>> {
  const ids = new Set(quotes.flatMap((quote) => (quote && findQuotedPerson(quote)) ?? []))
  const rows =
    ids.size === 0
      ? []
      : await queryRows<Pick<TableRow<typeof users>, 'user_id' | 'username'>>(
          pool,
          'SELECT user_id, username FROM users WHERE user_id IN (?)',
          [[...ids]],
        )
  const names = new Map(rows.map(({ user_id, username }) => [user_id, username]))
  return (quote) => (quote ? { quote: toQuotedText(quote, names.get(quote.user_id ?? '')) } : {})
}

const selectCarriedOver = ({ chat_session_id }: Place): Statement<string | null> =>
  createRead<Pick<TableRow<typeof chatSessions>, 'carried_over'>, string | null>(
    'SELECT carried_over FROM chat_sessions WHERE session_id = ?',
    [chat_session_id],
    ([session]) => session?.carried_over ?? null,
  )

type Turn = { question: MessageContent | string; answer: MessageContent | string }

interface StoredQuestion {
  question: string
  quote: MessageQuote | undefined
}

type StoredTurn = Omit<PastTurn, 'quote'> & StoredQuestion

function toStoredTurn({ question, answer }: Turn): StoredTurn {
  const { content, citations } = parseJson(answer)
  return { ...readQuestion(question), answer: content, ...(citations && { citations }) }
}

function readQuestion(stored: MessageContent | string): StoredQuestion {
  const message_content = parseJson(stored)
  const quote = readQuote({ message_category: 'engineer_chat', sender_type: 'user', message_content })
  return { question: message_content.content, quote }
}

// `<> ''` also excludes text that consists of blanks.
const selectTurnsBefore = ({ chat_session_id, position }: Place, turns: number): Statement<StoredTurn[]> =>
  createRead<Turn, StoredTurn[]>(
    `SELECT q.message_content AS question, a.message_content AS answer
     FROM messages a FORCE INDEX (idx_chat_session) JOIN messages q ON q.message_id = a.reply_to
     WHERE a.chat_session_id = ? AND a.position < ? AND a.message_type = 'chat'
       AND JSON_UNQUOTE(JSON_EXTRACT(a.message_content, '$.content')) <> ''
     ORDER BY a.position DESC LIMIT ?`,
    [chat_session_id, position, turns],
    (rows) => rows.toReversed().map(toStoredTurn),
  )
