import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { parseAddressee } from '../../text/addressee.ts'
import { isOwn } from '../rooms/timeline-rows.ts'
import type { Unsent } from './outbox.ts'

/**
 * Says whether the reader has asked for a catch-up after a position in the room. `answered` also names the answer,
 * which has ended.
 */
type CatchUp = { state: 'none' } | { state: 'asked' } | { state: 'answered'; message_id: string }

interface CatchUpInput {
  messages: readonly Message[]
  unsent: readonly Unsent[]
  user_id: string
  event_id: string
  /** A catch-up that was asked before this position is ignored, because it was for an earlier absence. */
  readPosition: number
}

/** Finds the reader's last request for a catch-up among the unsent messages and those after the read position. */
export function findCatchUp({ messages, unsent, user_id, event_id, readPosition }: CatchUpInput): CatchUp {
  const isBeingSent = unsent.some(
    (message) =>
      message.event_id === event_id && message.to === 'ai' && message.state !== 'failed' && asksCatchUp(message.text),
  )
  if (isBeingSent) return { state: 'asked' }
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (!message || message.position <= readPosition) break
    if (!isOwn(message, user_id) || !isQuestion(message) || !asksCatchUp(message.message_content.content)) continue
    const reply = messages.slice(index).find(({ reply_to }) => reply_to === message.message_id)
    return reply && !isThinking(reply) ? { state: 'answered', message_id: reply.message_id } : { state: 'asked' }
  }
  return { state: 'none' }
}

const isQuestion = ({ message_category }: Message): boolean => message_category === 'engineer_chat'

function asksCatchUp(text: string): boolean {
  const addressee = parseAddressee(text, 'ai')
  return addressee.to === 'ai' && addressee.command === 'catchup'
}
