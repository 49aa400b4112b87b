import { createClientMessageId } from '@engineer-chat/client'
import type { Message, Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, isTransient, toErrorKind } from '../page/error-kinds.ts'
import { listStoredUnsent, store, subscribeToOtherTabs, toUnsentKey } from '../page/storage.ts'
import { revealMessage } from '../rooms/room-filter.ts'
import type { DraftQuote } from './quoting.ts'

/** Describes a message that the server has not confirmed yet. It keeps one id, however many times it is sent. */
export interface Unsent {
  client_message_id: string
  event_id: string
  to: 'ai' | 'room'
  text: string
  /** Holds the visibility that the writer was shown. It chooses the session of a question. */
  visibility: Visibility
  /** Names the model that is asked; the server chooses if it is undefined. */
  model?: string | undefined
  /** Holds what the message quotes. */
  quote?: DraftQuote | undefined
  /** Holds the room's seq when the message was written. A later row with the same text is this message. */
  since_seq: number
  written_at: string
  state: 'sending' | 'waiting' | 'failed'
  errorKind: ErrorKind | null
}

/** Mirrors a message in the browser's storage, where `errorKind` is called `trouble`. */
type StoredUnsent = Omit<Unsent, 'errorKind'> & { trouble: ErrorKind | null }

const toStored = ({ errorKind, ...item }: Unsent): StoredUnsent => ({ ...item, trouble: errorKind })
const fromStored = ({ trouble, ...item }: StoredUnsent): Unsent => ({ ...item, errorKind: trouble })

export interface Delivery {
  /** Sends the message and resolves to the rows that the server stored. */
  deliver(unsent: Unsent): Promise<Message[]>
  /** Shows the stored rows before the optimistic one is removed. */
  showDelivered(unsent: Unsent, messages: Message[]): void
  /** Resolves when the network is back, or after a pause that grows with `tries`. */
  waitForConnection(tries: number): Promise<void>
}

export const useOutbox = create<{ items: readonly Unsent[]; confirmed: ReadonlySet<string> }>(() => ({
  items: [],
  confirmed: new Set(),
}))

let owner: { user_id: string; delivery: Delivery } | undefined
const queues = new Map<string, Promise<void>>()

/** Continues to send the messages that an earlier page of this person could not send. */
export function openOutbox(user_id: string, delivery: Delivery): void {
  if (owner?.user_id === user_id) return
  owner = { user_id, delivery }
  const items = listStoredUnsent<StoredUnsent>(user_id).map(fromStored)
  useOutbox.setState({ items: items.map((item) => (item.state === 'failed' ? item : { ...item, state: 'sending' })) })
  for (const item of items) if (item.state !== 'failed') enqueue(item)
}

export function submitMessage(
  unsent: Pick<Unsent, 'event_id' | 'to' | 'text' | 'visibility' | 'model' | 'quote' | 'since_seq'>,
): void {
  const item: Unsent = {
    ...unsent,
    client_message_id: createClientMessageId(),
    written_at: new Date().toISOString(),
    state: 'sending',
    errorKind: null,
  }
  revealMessage(item.event_id, { message_category: item.to === 'ai' ? 'engineer_chat' : 'room' })
  useOutbox.setState({ items: [...listItems(), item] })
  storeItem(item)
  enqueue(item)
}

/** Sends a failed message again to those whom it was written for. */
export function resendMessage(client_message_id: string): void {
  const item = findItem(client_message_id)
  if (item?.state !== 'failed') return
  const resent: Unsent = { ...item, state: 'sending', errorKind: null }
  updateItem(resent)
  enqueue(resent)
}

const isOverLimit = ({ state, errorKind }: Unsent) => state === 'failed' && errorKind === 'session_round_limit'

type Place = Pick<Unsent, 'event_id' | 'visibility'>

const listOverLimit = (all: readonly Unsent[], { event_id, visibility }: Place): Unsent[] =>
  all.filter((item) => item.event_id === event_id && item.visibility === visibility && isOverLimit(item))

/** Finds the first of a session's questions that met the round limit; only it offers the next session. */
export const findFirstOverLimit = (all: readonly Unsent[], place: Place): Unsent | undefined =>
  listOverLimit(all, place)[0]

/** Sends the questions that met the round limit to the new session, in the order in which they were written. */
export function resendOverLimit(place: Place): void {
  for (const item of listOverLimit(listItems(), place)) resendMessage(item.client_message_id)
}

export function discard(client_message_id: string): void {
  removeItem(client_message_id)
  if (owner) store(toUnsentKey(owner.user_id, client_message_id), undefined)
}

const listItems = () => useOutbox.getState().items
const findItem = (id: string) => listItems().find((item) => item.client_message_id === id)

const removeItem = (id: string) =>
  useOutbox.setState({ items: listItems().filter(({ client_message_id }) => client_message_id !== id) })

function storeItem(item: Unsent): void {
  if (owner) store(toUnsentKey(owner.user_id, item.client_message_id), toStored(item))
}

function updateItem(changed: Unsent): void {
  const { client_message_id } = changed
  useOutbox.setState({
    items: listItems().map((item) => (item.client_message_id === client_message_id ? changed : item)),
  })
  storeItem(changed)
}

// Another tab with the same message has sent or discarded it.
subscribeToOtherTabs((key, value) => {
  const removed = listItems().find(
    ({ client_message_id }) => owner && key === toUnsentKey(owner.user_id, client_message_id),
  )
  if (removed && value === null) removeItem(removed.client_message_id)
})

/** Queues a message; each room sends one after the other, in the order in which they were written. */
function enqueue({ event_id, client_message_id }: Unsent): void {
  const previous = queues.get(event_id) ?? Promise.resolve()
  queues.set(
    event_id,
    previous.then(() => send(client_message_id)),
  )
}

async function send(client_message_id: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const item = findItem(client_message_id)
    if (!item || !owner || item.state === 'failed') return // The message was discarded meanwhile.
    try {
      const messages = await owner.delivery.deliver(item)
      const confirmed = new Set([...useOutbox.getState().confirmed, ...messages.map((message) => message.message_id)])
      useOutbox.setState({ confirmed })
      owner.delivery.showDelivered(item, messages)
      return discard(client_message_id)
    } catch (error) {
      const errorKind = toErrorKind(error)
      if (!findItem(client_message_id)) return
      if (!isTransient(errorKind)) return updateItem({ ...item, state: 'failed', errorKind })
      updateItem({ ...item, state: 'waiting', errorKind })
      await owner.delivery.waitForConnection(tries)
    }
  }
}
