import { withMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { say } from '../../i18n/index.ts'
import { toast } from '../page/toasts.ts'
import { client, theSocket, useSession } from '../people/session.ts'
import { theRoom } from '../rooms/rooms.ts'
import { loadChat } from './chat.ts'
import type { Delivery, Unsent } from './outbox.ts'

const LONGEST_WAIT_MS = 10_000

/** The outbox's way to the server. */
export const delivery: Delivery = {
  deliver: (unsent) => (unsent.to === 'ai' ? ask(unsent) : post(unsent)),
  delivered({ event_id, to }, messages) {
    theRoom(event_id).change((state) => withMessages(state, messages))
    if (to === 'ai') void loadChat(event_id).catch(() => {}) // the next one shows it
  },
  betterTimes,
}

async function ask({ event_id, text, visibility, model, client_message_id }: Unsent): Promise<Message[]> {
  const question = { event_id, message: text, visibility, client_message_id, ...(model !== undefined && { model }) }
  const sent = await client.send(question, { tries: 1 })
  if (sent.summary_updated) toast(say().summary_updated)
  return [sent.user_message, sent.ai_message]
}

async function post({ event_id, text, client_message_id }: Unsent): Promise<Message[]> {
  return [await client.post(event_id, { message: text, client_message_id })]
}

/** The network, the socket or a sign-in came back; or a while has passed. */
function betterTimes(tries: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, Math.min(LONGEST_WAIT_MS, 500 * 2 ** tries))
    const ends = [
      theSocket().on('state', (state) => state === 'open' && done()),
      useSession.subscribe(({ phase }) => phase === 'in' && done()),
      () => removeEventListener('online', done),
    ]
    addEventListener('online', done)
    function done() {
      clearTimeout(timer)
      for (const end of ends) end()
      resolve()
    }
  })
}
