import { type MessageQuote, readQuote } from '@engineer-chat/protocol'
import { findQuotedPerson, toQuotedText } from '../../../src/prompting/quotes.ts'
import { findAnswerTlp } from '../../../src/prompting/sources/answer-tlp.ts'
import { MAX_EARLIER_QUESTIONS, planRoomQuery } from '../../../src/prompting/sources/plan-room-query.ts'
import type { ContextScope, SourceStore } from '../../../src/prompting/sources/source-store.ts'
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
import { findMembership } from '../people/rights.ts'
import { createMemorySimilarEvents } from '../ranking/similar-events.ts'
import { isReply, listQuestions, listSessionRows, wasSummaryUpdated } from '../replying/session-replies.ts'
import { type Place, readRoomSources } from './room-sources.ts'

const toText = (stored: MessageRecord): string => stored.row.message.message_content.content

export async function findContext(
  data: MemoryData,
  message_id: string,
  scope: ContextScope,
): Promise<ClaimedContext | undefined> {
  const reply = data.messages.get(message_id)
  const question = reply && data.messages.get(reply.row.message.reply_to ?? '')
  if (!question) return undefined
  const { event_id, chat_session_id, position, user_id, created_at } = question.row.message
  const place = {
    user_id: user_id ?? '',
    session_id: chat_session_id,
    before: position,
    askedAt: created_at,
    question: toText(question),
    earlier: listEarlier(data, chat_session_id, position),
  }
  const asker = data.users.get(place.user_id)?.user
  return {
    ...(await readContext(data, getRoom(data, event_id), place, scope)),
    summary_updated: wasSummaryUpdated(data, question),
    ...describeQuote(data, readQuote(question.row.message)),
    asker: {
      user_id: place.user_id,
      role: asker?.role ?? 'engineer',
      active: asker?.active ?? false,
      membership: findMembership(data, place.user_id, event_id) ?? { access: 'restricted', role: null },
    },
  }
}

export async function findCurrentContext(
  data: MemoryData,
  { event_id, user_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  scope: ContextScope,
): Promise<ReplyContext | undefined> {
  const room = data.rooms.get(event_id)
  if (!room) return undefined
  const last = session_id === null ? undefined : listQuestions(data, session_id).at(-1)
  const before = Number.POSITIVE_INFINITY
  const earlier = listEarlier(data, session_id, before)
  const place = { user_id, session_id, before, askedAt: getTimestamp(data), question, earlier }
  return {
    ...(await readContext(data, room, place, scope)),
    summary_updated:
      last !== undefined && last.row.message.event_summary_version !== (findCurrentSummary(room)?.version ?? null),
    ...describeQuote(data, quote),
  }
}

function listEarlier(data: MemoryData, session_id: string | null, before: number): string[] {
  const questions = listQuestions(data, session_id ?? '').filter(({ row }) => row.message.position < before)
  return questions.slice(-MAX_EARLIER_QUESTIONS).reverse().map(toText)
}

function describeQuote(data: MemoryData, quote: MessageQuote | undefined): Pick<ReplyContext, 'quote'> {
  if (!quote) return {}
  const username = data.users.get(findQuotedPerson(quote) ?? '')?.user.username
  return { quote: toQuotedText(quote, username) }
}

/** Reads as an admin, because the caller has checked that the asker may enter the event. */
async function findPassages(data: MemoryData, room: StoredRoom, place: Place, scope: ContextScope) {
  const { limits, rankingQuery } = planRoomQuery(place.question, scope, place.earlier)
  const { event_id } = room.event
  if (limits.documents === 0) return []
  const found = await createMemoryDocuments(data).findFitting(
    { user_id: place.user_id, role: 'admin' },
    { ...rankingQuery, event_id, limit: limits.documents },
  )
  return found
    .filter(({ access, updated_at }) => access === 'everybody' || updated_at <= place.askedAt)
    .map(({ document_id, title, headings, anchor, tlp, text }) => ({ document_id, title, headings, anchor, tlp, text }))
}

/** Leaves out the events that were created after the question. */
async function findIncidents(data: MemoryData, { event: { event_id } }: StoredRoom, place: Place, scope: ContextScope) {
  const { limits } = planRoomQuery(place.question, scope)
  if (limits.incidents === 0) return []
  const { events, ...facts } = await createMemorySimilarEvents(data).findCommon(EVERY_PERSON, event_id)
  const earlier = events.filter(({ created_at }) => created_at <= place.askedAt)
  return listIncidents({ ...facts, events: earlier }, limits.incidents)
}

async function readContext(data: MemoryData, room: StoredRoom, place: Place, scope: ContextScope) {
  const turns = listSessionRows(data, place.session_id ?? '')
    .filter((stored) => stored.row.message.position < place.before && isReply(stored))
    .filter((stored) => stored.row.message.message_type === 'chat' && toText(stored).trim() !== '')
  // A turn has two messages. With a limit of 0, `slice` begins at the end, because `slice(-0)` returns all turns.
  return {
    event: room.event,
    summary: room.summaries.findLast(({ version }) => Number(version) < place.before) ?? null,
    history: turns.slice(-Math.floor(scope.historyLimit / 2) || turns.length).map((answer) => {
      const asked = data.messages.get(answer.row.message.reply_to ?? '')
      const { citations, sources } = answer.row.message.message_content
      return {
        question: asked ? toText(asked) : '',
        answer: toText(answer),
        ...(citations && { citations }),
        ...findAnswerTlp({ sources }),
        ...describeQuote(data, asked && readQuote(asked.row.message)),
      }
    }),
    carried_over: data.carriedOver.get(place.session_id ?? '') ?? null,
    question: place.question,
    room: await readRoomSources(data, room, place, scope),
    documents: await findPassages(data, room, place, scope),
    incidents: await findIncidents(data, room, place, scope),
  }
}
