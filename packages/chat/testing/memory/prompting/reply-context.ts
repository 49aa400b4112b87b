import { type MessageQuote, readQuote } from '@engineer-chat/protocol'
import { findQuotedPerson, toQuotedText } from '../../../src/prompting/quotes.ts'
import type { SourceStore } from '../../../src/prompting/source-store.ts'
import type { ReplyContext } from '../../../src/shared/model.ts'
import { isReply, listQuestions, listSessionRows, wasSummaryUpdated } from '../replying/session-replies.ts'
import { findCurrentSummary, getRoom, type Room, type Stored, type World } from '../world.ts'

const toText = (stored: Stored): string => stored.row.message.message_content.content

export function findContext(world: World, message_id: string, historyLimit: number): ReplyContext | undefined {
  const reply = world.messages.get(message_id)
  const question = reply && world.messages.get(reply.row.message.reply_to ?? '')
  if (!question) return undefined
  const { event_id, chat_session_id, position } = question.row.message
  return {
    ...readHistory(world, getRoom(world, event_id), chat_session_id, { before: position, historyLimit }),
    summary_updated: wasSummaryUpdated(world, question),
    question: toText(question),
    ...describeQuote(world, readQuote(question.row.message)),
  }
}

export function findCurrentContext(
  world: World,
  { event_id, session_id, question, quote }: Parameters<SourceStore['findContext']>[0],
  historyLimit: number,
): ReplyContext | undefined {
  const room = world.rooms.get(event_id)
  if (!room) return undefined
  const last = session_id === null ? undefined : listQuestions(world, session_id).at(-1)
  return {
    ...readHistory(world, room, session_id, { before: Number.POSITIVE_INFINITY, historyLimit }),
    summary_updated:
      last !== undefined && last.row.message.event_summary_version !== (findCurrentSummary(room)?.version ?? null),
    question,
    ...describeQuote(world, quote),
  }
}

function describeQuote(world: World, quote: MessageQuote | undefined): Pick<ReplyContext, 'quote'> {
  if (!quote) return {}
  const username = world.users.get(findQuotedPerson(quote) ?? '')?.user.username
  return { quote: toQuotedText(quote, username) }
}

function readHistory(
  world: World,
  room: Room,
  session_id: string | null,
  { before, historyLimit }: { before: number; historyLimit: number },
) {
  const turns = listSessionRows(world, session_id ?? '')
    .filter((stored) => stored.row.message.position < before && isReply(stored))
    .filter((stored) => stored.row.message.message_type === 'chat' && toText(stored).trim() !== '')
  return {
    event: room.event,
    summary: findCurrentSummary(room) ?? null,
    history: turns.slice(-Math.floor(historyLimit / 2) || turns.length).map((answer) => {
      const asked = world.messages.get(answer.row.message.reply_to ?? '')
      const { citations } = answer.row.message.message_content
      return {
        question: asked ? toText(asked) : '',
        answer: toText(answer),
        ...(citations && { citations }),
        ...describeQuote(world, asked && readQuote(asked.row.message)),
      }
    }),
    carried_over: world.carriedOver.get(session_id ?? '') ?? null,
  }
}
