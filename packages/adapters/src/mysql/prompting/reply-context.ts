import type { EventFactsCache } from '@engineer-chat/chat/events'
import type { Asker } from '@engineer-chat/chat/people'
import {
  type ContextLimits,
  findAnswerTlp,
  planRoomQuery,
  type SourceStore,
  VISIT_PAUSE_MINUTES,
} from '@engineer-chat/chat/prompting'
import type { ClaimedContext } from '@engineer-chat/chat/replying'
import { ChatError, type PastRound, type ReplyContext } from '@engineer-chat/chat/shared'
import { type Message, type MessageContent, type MessageQuote, readQuote } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import {
  createRead,
  executeRows,
  groupCommit,
  parseJson,
  queryRows,
  runTogether,
  type SendStatements,
  type Statement,
  type TableRow,
} from '../core/index.ts'
import { readPassages } from '../documents/index.ts'
import { findEventFacts } from '../events/index.ts'
import { findIncidents, planRanking, toMessageScopes, toPieceScopes, toRankedMessages } from '../ranking/index.ts'
import type { eventMembers, events, users } from '../schema/index.ts'
import { LIST_FLAGS, type ListFlags, omitEmptyLists } from './empty-lists.ts'
import { type Labels, selectContent, toLabelledSources } from './labelled-content.ts'
import { createQuoteReader } from './quote-reader.ts'
import { MAX_POSITION, MAX_TIME, type QuestionPlace, readRoomSources, selectRoomSources } from './room-sources.ts'
import {
  listSessionValues,
  readEarlierQuestions,
  SESSION_BEFORE_QUESTION,
  SESSION_NOW,
  type SessionRow,
} from './session-columns.ts'

export interface ContextDependencies {
  pool: Pool
  /** Sends the reads of a room. */
  send: SendStatements
  facts?: EventFactsCache | undefined
}

// `k` is the asker's read mark. A catch-up begins after this position.
const READ_POSITION = `IF(k.updated_at < NOW(3) - INTERVAL ${VISIT_PAUSE_MINUTES} MINUTE, k.position, k.visit_position)
  AS read_position`

/**
 * Reads the context that a model gets for this reply, and the rights of its asker as they are now. It excludes
 * messages that came after the question, also when the reply is retried later.
 */
export async function findReplyContext(
  dependencies: ContextDependencies & { findQuestion: (message_id: string) => Promise<QuestionOfReply | undefined> },
  message_id: string,
  contextLimits: ContextLimits,
): Promise<ClaimedContext | undefined> {
  const row = await dependencies.findQuestion(message_id)
  if (!row) return undefined
  const context = await readContext(dependencies, row, row, contextLimits, {
    version: row.event_summary_version,
    session: row,
    ...readQuestion(row.message_content),
  })
  return context && { ...context, asker: toAsker(row) }
}

export interface QuestionOfReply
  extends ListFlags,
    AskerRow,
    QuestionPlace,
    SessionRow,
    Pick<Message, 'event_summary_version'> {
  reply_id: string
  message_content: MessageContent | string
}

const MAX_QUESTIONS_READ = 32
const MAX_READS_WAITING = 10_000

/** Reads questions by the ids of their replies. Reads that wait at the same time share one statement. */
export const createQuestionReader = (pool: Pool): ((message_id: string) => Promise<QuestionOfReply | undefined>) =>
  groupCommit<string, QuestionOfReply | undefined>({
    async run(message_ids) {
      const rows = await queryRows<QuestionOfReply>(
        pool,
        `SELECT r.message_id AS reply_id, q.event_id, q.user_id, q.chat_session_id, q.position, q.created_at AS asked_at,
           q.event_summary_version, q.message_content, ${SESSION_BEFORE_QUESTION}, e.seq, e.access, u.role AS user_role, u.active,
           em.role AS member_role, ${READ_POSITION}, ${LIST_FLAGS}
         FROM messages r JOIN messages q ON q.message_id = r.reply_to JOIN events e ON e.event_id = q.event_id
           LEFT JOIN users u ON u.user_id = q.user_id
           LEFT JOIN event_members em ON em.event_id = q.event_id AND em.user_id = q.user_id
           LEFT JOIN read_marks k ON k.event_id = q.event_id AND k.user_id = q.user_id AND k.position > 0
         WHERE r.message_id IN (?)`,
        [message_ids],
      )
      const questions = new Map(rows.map((row) => [row.reply_id, row]))
      return message_ids.map((message_id) => questions.get(message_id))
    },
    maxBatchItems: MAX_QUESTIONS_READ,
    maxWaiting: MAX_READS_WAITING,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: () => false,
  })

/** Reads the context for a question that is not stored yet. */
export async function findCurrentContext(
  dependencies: ContextDependencies,
  { event_id, user_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  contextLimits: ContextLimits,
): Promise<ReplyContext | undefined> {
  const [row] = await executeRows<
    ListFlags & Pick<TableRow<typeof events>, 'summary_version'> & Pick<QuestionPlace, 'read_position'> & SessionRow
  >(
    dependencies.pool,
    `SELECT e.event_id, e.seq, e.summary_version, ${SESSION_NOW}, ${READ_POSITION},
       ${LIST_FLAGS}
     FROM events e LEFT JOIN read_marks k ON k.event_id = e.event_id AND k.user_id = ? AND k.position > 0
     WHERE e.event_id = ?`,
    [...listSessionValues(session_id), user_id, event_id],
  )
  if (!row) return undefined
  const { read_position } = row
  const place = {
    event_id,
    chat_session_id: session_id,
    position: MAX_POSITION,
    asked_at: MAX_TIME,
    read_position,
  }
  const versionAndSession = { version: row.summary_version, session: row }
  return readContext(dependencies, row, place, contextLimits, { ...versionAndSession, question, quote })
}

/** The fields of the user are null if the user no longer exists. */
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
  accessAndRole: { access, role: member_role },
})

/** `flags` describe the room as it is now. `version` is the summary's version at the time of the question. */
async function readContext(
  { pool, send, facts: cache }: ContextDependencies,
  flags: ListFlags,
  place: QuestionPlace,
  contextLimits: ContextLimits,
  { version, question, quote, session }: QuestionWithQuote & { version: string | null; session: SessionRow },
): Promise<ReplyContext | undefined> {
  const earlierQuestions = readEarlierQuestions(session)
  const isFirst = earlierQuestions.length === 0
  const query = omitEmptyLists(planRoomQuery(question, contextLimits, earlierQuestions), flags)
  const { limits, rankingQuery } = query
  const { event_id, asked_at, position: beforePosition } = place
  const ranking = planRanking(rankingQuery, [
    toMessageScopes({ event_id, beforePosition, limit: limits.rankedMessages }),
    toPieceScopes({ event_id, limit: limits.documents }),
  ])
  const [facts, foundSources, incidents] = await Promise.all([
    findEventFacts(pool, cache, flags),
    runTogether(send, [
      // A round has two messages: the question and its answer.
      isFirst ? undefined : selectRoundsBefore(place, Math.floor(contextLimits.historyLimit / 2)),
      ...ranking.statements,
      ...selectRoomSources(place, query),
    ]),
    findIncidents(pool, { event_id, limit: limits.incidents, asked_at }),
  ])
  if (!facts) return undefined
  const [history = [], stats, blocks, ...sources] = foundSources
  const [messages = [], pieces = []] = ranking.rank(stats, blocks)
  const isSummaryOfThatTime = facts.summary === null || Number(facts.summary.version) < place.position
  const [room, documents, toPromptQuote] = await Promise.all([
    readRoomSources(send, place, query, sources, toRankedMessages(messages)),
    readPassages(pool, pieces, place),
    createQuoteReader(send, [quote, ...history.map((round) => round.quote)]),
  ])
  return {
    event: facts.event,
    summary: isSummaryOfThatTime ? facts.summary : (room.summaries.at(-1) ?? null),
    summary_updated: !isFirst && session.earlier_summary_version !== version,
    history: history.map(({ quote: quoted, ...round }) => ({ ...round, ...toPromptQuote(quoted) })),
    carried_over: session.carried_over,
    question,
    ...toPromptQuote(quote),
    room,
    documents,
    incidents,
  }
}

type SessionPlace = Pick<QuestionPlace, 'chat_session_id' | 'position'>

type RoundRow = { question: MessageContent | string; answer: MessageContent | string; labels: Labels }

interface QuestionWithQuote {
  question: string
  quote: MessageQuote | undefined
}

type StoredRound = Omit<PastRound, 'quote'> & QuestionWithQuote

function toStoredRound({ question, answer, labels }: RoundRow): StoredRound {
  const { content, citations } = parseJson(answer)
  const label = findAnswerTlp({ sources: toLabelledSources(labels) })
  return { ...readQuestion(question), answer: content, ...(citations && { citations }), ...label }
}

function readQuestion(stored: MessageContent | string): QuestionWithQuote {
  const message_content = parseJson(stored)
  const quote = readQuote({ message_category: 'engineer_chat', sender_type: 'user', message_content })
  return { question: message_content.content, quote }
}

// `<> ''` also excludes text that consists of blanks.
const selectRoundsBefore = ({ chat_session_id, position }: SessionPlace, rounds: number): Statement<StoredRound[]> =>
  createRead<RoundRow, StoredRound[]>(
    `SELECT q.message_content AS question, ${selectContent('a', 'answer')}
     FROM messages a FORCE INDEX (idx_chat_session) JOIN messages q ON q.message_id = a.reply_to
     WHERE a.chat_session_id = ? AND a.position < ? AND a.message_type = 'chat'
       AND JSON_UNQUOTE(JSON_EXTRACT(a.message_content, '$.content')) <> ''
     ORDER BY a.position DESC LIMIT ?`,
    [chat_session_id, position, rounds],
    (rows) => rows.toReversed().map(toStoredRound),
  )
