import { addMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { client } from '../people/sign-in.ts'
import { getRoom } from '../rooms/rooms.ts'

/** Stops a reply. The text that was written so far stays as a cancelled answer. */
export async function stopReply({ event_id, message_id }: Message): Promise<void> {
  const reply = await client.cancelReply(message_id)
  getRoom(event_id).updateState((state) => addMessages(state, [reply]))
}

/** Asks the question of a reply again. The new answer replaces the reply. */
export async function retryReply({ event_id, message_id }: Message): Promise<void> {
  const reply = await client.retryReply(message_id)
  getRoom(event_id).updateState((state) => addMessages(state, [reply]))
}
