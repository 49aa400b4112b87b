import { withMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { client } from '../people/session.ts'
import { theRoom } from '../rooms/rooms.ts'

/** What was written so far stays, as an answer that was cancelled. */
export async function stop({ event_id, message_id }: Message): Promise<void> {
  const row = await client.cancel(message_id)
  theRoom(event_id).change((state) => withMessages(state, [row]))
}

export async function retry({ event_id, message_id }: Message): Promise<void> {
  const row = await client.retry(message_id)
  theRoom(event_id).change((state) => withMessages(state, [row]))
}
