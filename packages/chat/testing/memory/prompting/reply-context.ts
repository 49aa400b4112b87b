import { type MessageQuote, readQuote } from '@engineer-chat/protocol'
import { findQuotedAnswerId, findQuotedPersonId, toQuotedText } from '../../../src/prompting/quotes.ts'
import { findAnswerTlp } from '../../../src/prompting/sources/answer-tlp.ts'
import { MAX_EARLIER_QUESTIONS, planRoomQuery } from '../../../src/prompting/sources/plan-room-query.ts'
import type { ContextLimits, SourceStore } from '../../../src/prompting/sources/source-store.ts'
import { EVERY_PERSON, listIncidents } from '../../../src/ranking/similar/list-incidents.ts'
import type { ClaimedContext } from '../../../src/replying/reply-store.ts'
import type { ReplyContext } from '../../../src/shared/reply-context.ts'
import { createMemoryDocuments } from '../documents/documents.ts'
import {
  findCurrentSummary,
  getRoom,
  getTimestamp,
  type MemoryData,
  type MessageRecord,
  type StoredRoom,
} from '../memory-data.ts'
import { findAccessAndRole } from '../people/rights.ts'
import { createMemorySimilarEvents } from '../ranking/similar-events.ts'
import { isReply, listQuestions, listSessionRows, wasSummaryUpdated } from '../replying/session-replies.ts'
import { type AskedQuestion, readRoomSources } from './room-sources.ts'

const toText = (stored: MessageRecord): string => stored.row.message.message_content.content

export async function findContext(
  data: MemoryData,
  message_id: string,
  contextLimits: ContextLimits,
): Promise<ClaimedContext | undefined> {
  const reply = data.messages.get(message_id)
  const question = reply && data.messages.get(reply.row.message.reply_to ?? '')
  if (!question) return undefined
  const { event_id, chat_session_id, position, user_id, created_at } = question.row.message
  const asked = {
    user_id: user_id ?? '',
    session_id: chat_session_id,
    beforePosition: position,
    askedAt: created_at,
    text: toText(question),
    earlierQuestions: listEarlierQuestions(data, chat_session_id, position),
  }
  const asker = data.users.get(asked.user_id)?.user
  return {
    ...(await readContext(data, getRoom(data, event_id), asked, contextLimits)),
    summary_updated: wasSummaryUpdated(data, question),
    ...describeQuote(data, readQuote(question.row.message)),
    asker: {
      user_id: asked.user_id,
      role: asker?.role ?? 'engineer',
      active: asker?.active ?? false,
      accessAndRole: findAccessAndRole(data, asked.user_id, event_id) ?? { access: 'restricted', role: null },
    },
  }
}

export async function findCurrentContext(
  data: MemoryData,
  { event_id, user_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  contextLimits: ContextLimits,
): Promise<ReplyContext | undefined> {
  const room = data.rooms.get(event_id)
  if (!room) return undefined
  const last = session_id === null ? undefined : listQuestions(data, session_id).at(-1)
  const beforePosition = Number.POSITIVE_INFINITY
  const asked = {
    user_id,
    session_id,
    beforePosition,
    askedAt: getTimestamp(data),
    text: question,
    earlierQuestions: listEarlierQuestions(data, session_id, beforePosition),
  }
  return {
    ...(await readContext(data, room, asked, contextLimits)),
    summary_updated:
      last !== undefined && last.row.message.event_summary_version !== (findCurrentSummary(room)?.version ?? null),
    ...describeQuote(data, quote),
  }
}

function listEarlierQuestions(data: MemoryData, session_id: string | null, beforePosition: number): string[] {
  const questions = listQuestions(data, session_id ?? '').filter(({ row }) => row.message.position < beforePosition)
  return questions.slice(-MAX_EARLIER_QUESTIONS).reverse().map(toText)
}

function describeQuote(data: MemoryData, quote: MessageQuote | undefined): Pick<ReplyContext, 'quote'> {
  if (!quote) return {}
  const username = data.users.get(findQuotedPersonId(quote) ?? '')?.user.username
  const answer = data.messages.get(findQuotedAnswerId(quote) ?? '')
  const versions = answer && [answer.row.message.message_content, ...(answer.reply?.versions ?? [])]
  return { quote: toQuotedText(quote, { username, versions }) }
}

/** Finds documents with an admin's rights, because the caller has checked that the asker may enter the event. */
async function findSourcePieces(
  data: MemoryData,
  room: StoredRoom,
  asked: AskedQuestion,
  contextLimits: ContextLimits,
) {
  const { limits, rankingQuery } = planRoomQuery(asked.text, contextLimits, asked.earlierQuestions)
  const { event_id } = room.event
  if (limits.documents === 0) return []
  const pieces = await createMemoryDocuments(data).findFitting(
    { user_id: asked.user_id, role: 'admin' },
    { ...rankingQuery, event_id, limit: limits.documents },
  )
  return pieces
    .filter(({ access, updated_at }) => access === 'everybody' || updated_at <= asked.askedAt)
    .map(({ document_id, title, headings, anchor, tlp, text }) => ({ document_id, title, headings, anchor, tlp, text }))
}

/** Leaves out the events that were created after the question. */
async function findIncidents(
  data: MemoryData,
  { event: { event_id } }: StoredRoom,
  asked: AskedQuestion,
  contextLimits: ContextLimits,
) {
  const { limits } = planRoomQuery(asked.text, contextLimits)
  if (limits.incidents === 0) return []
  const { events, ...similarities } = await createMemorySimilarEvents(data).findSimilarities(EVERY_PERSON, event_id)
  const earlier = events.filter(({ created_at }) => created_at <= asked.askedAt)
  return listIncidents({ ...similarities, events: earlier }, limits.incidents)
}

async function readContext(data: MemoryData, room: StoredRoom, asked: AskedQuestion, contextLimits: ContextLimits) {
  const rounds = listSessionRows(data, asked.session_id ?? '')
    .filter((stored) => stored.row.message.position < asked.beforePosition && isReply(stored))
    .filter((stored) => stored.row.message.message_type === 'chat' && toText(stored).trim() !== '')
  // A round has two messages.
  const maxRounds = Math.floor(contextLimits.historyLimit / 2)
  const newestRounds = maxRounds === 0 ? [] : rounds.slice(-maxRounds)
  return {
    event: room.event,
    summary: room.summaries.findLast(({ version }) => Number(version) < asked.beforePosition) ?? null,
    history: newestRounds.map((answer) => {
      const question = data.messages.get(answer.row.message.reply_to ?? '')
      const { citations, sources } = answer.row.message.message_content
      return {
        question: question ? toText(question) : '',
        answer: toText(answer),
        ...(citations && { citations }),
        ...findAnswerTlp({ sources }),
        ...describeQuote(data, question && readQuote(question.row.message)),
      }
    }),
    carried_over: data.carriedOver.get(asked.session_id ?? '') ?? null,
    question: asked.text,
    room: await readRoomSources(data, room, asked, contextLimits),
    documents: await findSourcePieces(data, room, asked, contextLimits),
    incidents: await findIncidents(data, room, asked, contextLimits),
  }
}
