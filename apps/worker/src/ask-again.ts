import type { DeadLetter } from '@engineer-chat/adapters/mysql'
import { ChatError, type Stores } from '@engineer-chat/chat'

/** Each in its place and in its session's order. Those that were asked again or removed meanwhile are left alone. */
export async function askAgain({ messages, audit }: Stores, failed: DeadLetter[]): Promise<number> {
  let count = 0
  for (const { user_id, message_id, event_id } of failed) {
    try {
      const { change } = await messages.retry(user_id, message_id)
      if (!change) continue
      count += 1
    } catch (error) {
      if (error instanceof ChatError && error.code === 'message_not_found') continue
      throw error
    }
    const what = { action: 'retry', object_type: 'message', object_id: message_id, event_id } as const
    await audit.write([{ ...what, actor: null, address: null, detail: 'command line', request_id: null }])
  }
  return count
}
