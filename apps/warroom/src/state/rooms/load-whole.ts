import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { getRoom, loadTruncated } from './rooms.ts'

/** Resolves to a message with its whole text, also where the socket truncated it. */
export async function loadWhole(message: Message): Promise<Message> {
  if (!message.truncated) return message
  await loadTruncated(message.event_id, message.position)
  return findMessage(getRoom(message.event_id).state, message.message_id) ?? message
}
