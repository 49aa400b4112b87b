import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { getRoom, reloadTruncated } from './rooms.ts'

/** Resolves to the message with its whole text. If the socket truncated the message, loads it. */
export async function loadWholeMessage(message: Message): Promise<Message> {
  if (!message.truncated) return message
  await reloadTruncated(message.event_id, message.position)
  return findMessage(getRoom(message.event_id).state, message.message_id) ?? message
}
