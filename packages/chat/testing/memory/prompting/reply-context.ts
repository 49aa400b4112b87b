import { type MessageQuote, readQuote } from '@engineer-chat/protocol'
import { findQuotedPerson, toQuotedText } from '../../../src/prompting/quotes.ts'
import type { SourceStore } from '../../../src/prompting/source-store.ts'
import type { ReplyContext } from '../../../src/shared/model.ts'
import { findCurrentSummary, getRoom, type MemoryData, type MessageRecord, type StoredRoom } from '../memory-data.ts'
import { isReply, listQuestions, listSessionRows, wasSummaryUpdated } from '../replying/session-replies.ts'

const toText = (stored: MessageRecord): string => stored.row.message.message_content.content

export function findContext(data: MemoryData, message_id: string, historyLimit: number): ReplyContext | undefined {
  const reply = data.messages.get(message_id)
  const question = reply && data.messages.get(reply.row.message.reply_to ?? '')
  if (!question) return undefined
  const { event_id, chat_session_id, position } = question.row.message
  return {
    ...readHistory(data, getRoom(data, event_id), chat_session_id, { before: position, historyLimit }),
    summary_updated: wasSummaryUpdated(data, question),
    question: toText(question),
    ...describeQuote(data, readQuote(question.row.message)),
  }
}

export function findCurrentContext(
  data: MemoryData,
  { event_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  historyLimit: number,
): ReplyContext | undefined {
  const room = data.rooms.get(event_id)
  if (!room) return undefined
  const last = session_id === null ? undefined : listQuestions(data, session_id).at(-1)
  return {
    ...readHistory(data, room, session_id, { before: Number.POSITIVE_INFINITY, historyLimit }),
    summary_updated:
      last !== undefined && last.row.message.event_summary_version !== (findCurrentSummary(room)?.version ?? null),
    question,
    ...describeQuote(data, quote),
  }
}

function describeQuote(data: MemoryData, quote: MessageQuote | undefined): Pick<ReplyContext, 'quote'> {
  if (!quote) return {}
  const username = data.users.get(findQuotedPerson(quote) ?? '')?.user.username
  return { quote: toQuotedText(quote, username) }
}

function readHistory(
  data: MemoryData,
  room: StoredRoom,
  session_id: string | null,
  { before, historyLimit }: { before: number; historyLimit: number },
) {
  const turns = listSessionRows(data, session_id ?? '')
    .filter((stored) => stored.row.message.position < before && isReply(stored))
    .filter((stored) => stored.row.message.message_type === 'chat' && toText(stored).trim() !== '')
  return {
    event: room.event,
    summary: findCurrentSummary(room) ?? null,
    history: turns.slice(-Math.floor(historyLimit / 2) || turns.length).map((answer) => {
      const asked = data.messages.get(answer.row.message.reply_to ?? '')
      const { citations } = answer.row.message.message_content
      return {
        question: asked ? toText(asked) : '',
        answer: toText(answer),
        ...(citations && { citations }),
        ...describeQuote(data, asked && readQuote(asked.row.message)),
      }
    }),
    carried_over: data.carriedOver.get(session_id ?? '') ?? null,
  }
}
