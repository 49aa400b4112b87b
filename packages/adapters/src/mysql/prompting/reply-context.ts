import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { Asker } from '@engineer-chat/chat/people'
import {
  type ContextScope,
  findAnswerTlp,
  findQuotedPerson,
  planRoomQuery,
  type SourceStore,
  toQuotedText,
  VISIT_PAUSE_MINUTES,
} from '@engineer-chat/chat/prompting'
import type { ClaimedContext } from '@engineer-chat/chat/replying'
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
import { findPassages } from '../documents/index.ts'
import { FACTS_VERSION, type FactsVersion, getEventFacts } from '../events/index.ts'
import { findIncidents, rankMessages } from '../ranking/index.ts'
import { selectQuestions } from '../rooms/index.ts'
import type { chatSessions, eventMembers, events, users } from '../schema/index.ts'
import { type Labels, selectContent, toLabelledSources } from './labelled-content.ts'
import { addRankedMessages, END, LATER, type Place, selectRoomSources, toRoomSources } from './room-sources.ts'

/** Names the reply, and the cache of event facts. */
export interface ContextDependencies {
  pool: Pool
  facts?: EventFactsCache | undefined
}

// `k` is the asker's read mark, which a catch-up begins at.
const READ_POSITION = `IF(k.updated_at < NOW(3) - INTERVAL ${VISIT_PAUSE_MINUTES} MINUTE, k.position, k.visit_position)
  AS read_position`

/**
 * Reads the context that a model gets for this reply, and the rights of its asker as they are now. It excludes what
 * follows the question, which exists for a retried reply.
 */
export async function findReplyContext(
  source: ContextDependencies,
  message_id: string,
  scope: ContextScope,
): Promise<ClaimedContext | undefined> {
  const [row] = await executeRows<FactsVersion & AskerRow & QuestionRow>(
    source.pool,
    `SELECT q.event_id, q.user_id, q.chat_session_id, q.position, q.created_at AS asked_at, q.event_summary_version,
       q.message_content, e.seq, e.access, u.role AS user_role, u.active, em.role AS member_role, ${READ_POSITION},
       ${FACTS_VERSION}
     FROM messages r JOIN messages q ON q.message_id = r.reply_to JOIN events e ON e.event_id = q.event_id
       LEFT JOIN users u ON u.user_id = q.user_id
       LEFT JOIN event_members em ON em.event_id = q.event_id AND em.user_id = q.user_id
       LEFT JOIN read_marks k ON k.event_id = q.event_id AND k.user_id = q.user_id AND k.position > 0
     WHERE r.message_id = ?`,
    [message_id],
  )
  if (!row) return undefined
  const context = await readContext(source, row, row, scope, {
    version: row.event_summary_version,
    ...readQuestion(row.message_content),
  })
  return context && { ...context, asker: toAsker(row) }
}

/** Reads the same context for a question that is not stored yet. */
export async function findCurrentContext(
  source: ContextDependencies,
  { event_id, user_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  scope: ContextScope,
): Promise<ReplyContext | undefined> {
  const [now] = await executeRows<
    FactsVersion & Pick<TableRow<typeof events>, 'summary_version'> & Pick<Place, 'read_position'>
  >(
    source.pool,
    `SELECT e.event_id, e.seq, e.summary_version, ${READ_POSITION}, ${FACTS_VERSION}
     FROM events e LEFT JOIN read_marks k ON k.event_id = e.event_id AND k.user_id = ? AND k.position > 0
     WHERE e.event_id = ?`,
    [user_id, event_id],
  )
  if (!now) return undefined
  const { read_position } = now
  const place = { event_id, chat_session_id: session_id, position: END, asked_at: LATER, read_position }
  return readContext(source, now, place, scope, { version: now.summary_version, question, quote })
}

type QuestionRow = Place & Pick<Message, 'event_summary_version'> & { message_content: MessageContent | string }

/** All fields of a user that is gone are null. */
interface AskerRow {
  user_id: string | null
  user_role: TableRow<typeof users>['role'] | null
  active: number | null
  access: TableRow<typeof events>['access']
  member_role: TableRow<typeof eventMembers>['role'] | null
}

const toAsker = ({ user_id, user_role, active, access, member_role }: AskerRow): Asker => ({
  user_id: user_id ?? '',
  role: user_role ?? 'engineer',
  active: Boolean(active),
  membership: { access, role: member_role },
})

/** `version` is the summary's version at the time of the question. */
async function readContext(
  { pool, facts: cache }: ContextDependencies,
  now: FactsVersion,
  place: Place,
  scope: ContextScope,
  { version, question, quote }: StoredQuestion & { version: string | null },
): Promise<ReplyContext | undefined> {
  const query = planRoomQuery(question, scope.kinds)
  const { limits, rankedText } = query
  const { event_id, asked_at, position: beforePosition } = place
  const [facts, [[previous], history, carried_over, ...recorded], ranked, documents, incidents] = await Promise.all([
    getEventFacts(pool, cache, now),
    runTogether(pool, [
      selectQuestions(place),
      selectTurnsBefore(place, Math.floor(scope.historyLimit / 2)),
      selectCarriedOver(place),
      ...selectRoomSources(place, query),
    ]),
    limits.ranked === 0 ? [] : rankMessages(pool, { event_id, text: rankedText, beforePosition, limit: limits.ranked }),
    findPassages(pool, { event_id, text: rankedText, limit: limits.documents, asked_at }),
    findIncidents(pool, { event_id, limit: limits.incidents, asked_at }),
  ])
  if (!facts) return undefined
  const isOfNow = facts.summary === null || Number(facts.summary.version) < place.position
  const [room, quotes] = await Promise.all([
    addRankedMessages(pool, place, query, toRoomSources(place, query, recorded), ranked),
    createQuoteReader(pool, [quote, ...history.map((turn) => turn.quote)]),
  ])
  return {
    event: facts.event,
    summary: isOfNow ? facts.summary : (room.summaries.at(-1) ?? null),
    summary_updated: previous !== undefined && previous.event_summary_version !== version,
    history: history.map(({ quote: quoted, ...turn }) => ({ ...turn, ...quotes(quoted) })),
    carried_over,
    question,
    ...quotes(quote),
    room,
    documents,
    incidents,
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

type SessionPlace = Pick<Place, 'chat_session_id' | 'position'>

const selectCarriedOver = ({ chat_session_id }: SessionPlace): Statement<string | null> =>
  createRead<Pick<TableRow<typeof chatSessions>, 'carried_over'>, string | null>(
    'SELECT carried_over FROM chat_sessions WHERE session_id = ?',
    [chat_session_id],
    ([session]) => session?.carried_over ?? null,
  )

type Turn = { question: MessageContent | string; answer: MessageContent | string; labels: Labels }

interface StoredQuestion {
  question: string
  quote: MessageQuote | undefined
}

type StoredTurn = Omit<PastTurn, 'quote'> & StoredQuestion

function toStoredTurn({ question, answer, labels }: Turn): StoredTurn {
  const { content, citations } = parseJson(answer)
  const label = findAnswerTlp({ sources: toLabelledSources(labels) })
  return { ...readQuestion(question), answer: content, ...(citations && { citations }), ...label }
}

function readQuestion(stored: MessageContent | string): StoredQuestion {
  const message_content = parseJson(stored)
  const quote = readQuote({ message_category: 'engineer_chat', sender_type: 'user', message_content })
  return { question: message_content.content, quote }
}

// `<> ''` also excludes text that consists of blanks.
const selectTurnsBefore = ({ chat_session_id, position }: SessionPlace, turns: number): Statement<StoredTurn[]> =>
  createRead<Turn, StoredTurn[]>(
    `SELECT q.message_content AS question, ${selectContent('a', 'answer')}
     FROM messages a FORCE INDEX (idx_chat_session) JOIN messages q ON q.message_id = a.reply_to
     WHERE a.chat_session_id = ? AND a.position < ? AND a.message_type = 'chat'
       AND JSON_UNQUOTE(JSON_EXTRACT(a.message_content, '$.content')) <> ''
     ORDER BY a.position DESC LIMIT ?`,
    [chat_session_id, position, turns],
    (rows) => rows.toReversed().map(toStoredTurn),
  )
