import type { ReplyContext } from '../../src/model.ts'
import { isReply, sessionRows, summaryUpdated } from './session-replies.ts'
import { currentSummary, roomOf, type Stored, type World } from './world.ts'

const textOf = (stored: Stored): string => stored.row.message.message_content.content

export function contextOf(world: World, message_id: string, history_limit: number): ReplyContext | undefined {
  const reply = world.messages.get(message_id)
  const question = reply && world.messages.get(reply.row.message.reply_to ?? '')
  if (!question) return undefined
  const { event_id, chat_session_id, position } = question.row.message
  const turns = sessionRows(world, chat_session_id ?? '')
    .filter((stored) => stored.row.message.position < position && isReply(stored))
    .filter((stored) => stored.row.message.message_type === 'chat' && textOf(stored).trim() !== '')
  const room = roomOf(world, event_id)
  return {
    event: room.event,
    summary: currentSummary(room) ?? null,
    summary_updated: summaryUpdated(world, question),
    history: turns.slice(-Math.floor(history_limit / 2) || turns.length).map((answer) => {
      const asked = world.messages.get(answer.row.message.reply_to ?? '')
      return { question: asked ? textOf(asked) : '', answer: textOf(answer) }
    }),
    question: textOf(question),
  }
}
