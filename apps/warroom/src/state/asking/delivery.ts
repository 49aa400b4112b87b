import { addMessages } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { getMessages } from '../../i18n/index.ts'
import { showToast } from '../page/toasts.ts'
import { client, getSocket, useSignIn } from '../people/sign-in.ts'
import { getRoom } from '../rooms/rooms.ts'
import { loadChat } from './chat.ts'
import type { Delivery, Unsent } from './outbox.ts'

/** The pause after the first failed try takes this long. Each further failure doubles it, up to `MAX_PAUSE_MS`. */
const FIRST_PAUSE_MS = 500
const MAX_PAUSE_MS = 10_000

/** Sends the messages of the outbox through the API. */
export const delivery: Delivery = {
  deliver: (unsent) => (unsent.to === 'ai' ? askAi(unsent) : postToRoom(unsent)),
  showDelivered({ event_id, to }, messages) {
    getRoom(event_id).updateState((state) => addMessages(state, messages))
    if (to === 'ai') void loadChat(event_id).catch(() => {}) // If this load fails, the next one shows the change.
  },
  waitBeforeRetry,
}

async function askAi(unsent: Unsent): Promise<Message[]> {
  const { event_id, text, visibility, model, client_message_id } = unsent
  const question = {
    event_id,
    message: text,
    visibility,
    client_message_id,
    ...(model !== undefined && { model }),
    ...toQuoteField(unsent),
  }
  // The outbox itself sends the question again after a failure, so the client makes only one request.
  const { user_message, ai_message, summary_updated } = await client.sendQuestion(question, { maxRequests: 1 })
  if (summary_updated) showToast(getMessages().summary_updated)
  return [user_message, ai_message]
}

async function postToRoom(unsent: Unsent): Promise<Message[]> {
  const { event_id, text, client_message_id } = unsent
  return [await client.postMessage(event_id, { message: text, client_message_id, ...toQuoteField(unsent) })]
}

/** Returns the part of a quote that the server needs. The server reads the other fields from the quoted message. */
const toQuoteField = ({ quote }: Unsent) => (quote ? { quote: { message_id: quote.message_id, text: quote.text } } : {})

/** Resolves when the network, the socket or the sign-in is back, or after a pause that grows with each failed try. */
function waitBeforeRetry(earlierFailures: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(finish, Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** earlierFailures))
    const unsubscribes = [
      getSocket().on('state', (state) => state === 'open' && finish()),
      useSignIn.subscribe(({ phase }) => phase === 'in' && finish()),
      () => removeEventListener('online', finish),
    ]
    addEventListener('online', finish)
    function finish() {
      clearTimeout(timer)
      for (const unsubscribe of unsubscribes) unsubscribe()
      resolve()
    }
  })
}
