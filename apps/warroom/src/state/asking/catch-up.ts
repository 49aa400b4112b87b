import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { parseAddressee } from '../../text/addressee.ts'
import { isOwn } from '../rooms/timeline-rows.ts'
import type { Unsent } from './outbox.ts'

/**
 * Says whether the reader has asked for a catch-up below the unread line. `ended` also names the AI's reply, which is
 * an answer or an error.
 */
type CatchUp = { state: 'none' } | { state: 'asked' } | { state: 'ended'; message_id: string }

interface CatchUpInput {
  messages: readonly Message[]
  unsent: readonly Unsent[]
  user_id: string
  event_id: string
  /** Holds the position of the unread line. A request above it is ignored, because it was for an earlier absence. */
  linePosition: number
}

/** Finds the reader's last request for a catch-up among the unsent messages and those below the unread line. */
export function findCatchUp({ messages, unsent, user_id, event_id, linePosition }: CatchUpInput): CatchUp {
  const isBeingSent = unsent.some(
    (message) =>
      message.event_id === event_id && message.to === 'ai' && message.state !== 'failed' && asksCatchUp(message.text),
  )
  if (isBeingSent) return { state: 'asked' }
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (!message || message.position <= linePosition) break
    if (!isOwnQuestion(message, user_id) || !asksCatchUp(message.message_content.content)) continue
    const reply = messages.slice(index).find(({ reply_to }) => reply_to === message.message_id)
    return reply && !isThinking(reply) ? { state: 'ended', message_id: reply.message_id } : { state: 'asked' }
  }
  return { state: 'none' }
}

/** Returns true for a question of the reader. A reply to it has the same category and user id, but is the AI's. */
const isOwnQuestion = (message: Message, user_id: string): boolean =>
  message.message_category === 'engineer_chat' && isOwn(message, user_id)

function asksCatchUp(text: string): boolean {
  const addressee = parseAddressee(text, 'ai')
  return addressee.to === 'ai' && addressee.command === 'catchup'
}
