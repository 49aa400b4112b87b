import { createClientMessageId } from '@engineer-chat/client'
import type { Message, Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, isTransient, toErrorKind } from '../page/problems.ts'
import { listStoredUnsent, onOtherTab, store, toUnsentKey } from '../page/storage.ts'

/** Something that was written and that the server hasn't confirmed. It has one id, however often it is sent. */
export interface Unsent {
  client_message_id: string
  event_id: string
  to: 'ai' | 'room'
  text: string
  /** What the writer was shown; the server refuses if the session is another by now. */
  visibility: Visibility
  /** Whom it asks; none: the server chooses. */
  model?: string | undefined
  /** The room's number when it was written: a row of the same words above it is this one. */
  since_seq: number
  written_at: string
  state: 'sending' | 'waiting' | 'failed'
  trouble: ErrorKind | null
}

export interface Delivery {
  /** Sends it and gives the rows that it became. */
  deliver(unsent: Unsent): Promise<Message[]>
  /** They are shown before the optimistic row goes. */
  delivered(unsent: Unsent, messages: Message[]): void
  /** Resolves when it is worth trying again: the network is back, or some time has passed. */
  betterTimes(tries: number): Promise<void>
}

export const useOutbox = create<{ items: readonly Unsent[]; confirmed: ReadonlySet<string> }>(() => ({
  items: [],
  confirmed: new Set(),
}))

let owner: { user_id: string; delivery: Delivery } | undefined
const queues = new Map<string, Promise<void>>()

/** Takes up what an earlier page of this person couldn't send. */
export function openOutbox(user_id: string, delivery: Delivery): void {
  if (owner?.user_id === user_id) return
  owner = { user_id, delivery }
  const items = listStoredUnsent<Unsent>(user_id)
  useOutbox.setState({ items: items.map((item) => (item.state === 'failed' ? item : { ...item, state: 'sending' })) })
  for (const item of items) if (item.state !== 'failed') enqueue(item)
}

export function submitMessage(
  unsent: Pick<Unsent, 'event_id' | 'to' | 'text' | 'visibility' | 'model' | 'since_seq'>,
): void {
  const item: Unsent = {
    ...unsent,
    client_message_id: createClientMessageId(),
    written_at: new Date().toISOString(),
    state: 'sending',
    trouble: null,
  }
  useOutbox.setState({ items: [...items(), item] })
  keepItem(item)
  enqueue(item)
}

/** Nothing was stored under its id as long as it was refused, so it may go to another session now. */
export function resendMessage(client_message_id: string, changes: Partial<Pick<Unsent, 'visibility'>> = {}): void {
  const item = find(client_message_id)
  if (item?.state !== 'failed') return
  const again: Unsent = { ...item, ...changes, state: 'sending', trouble: null }
  update(again)
  enqueue(again)
}

const isOverLimit = ({ state, trouble }: Unsent) => state === 'failed' && trouble === 'session_round_limit'

/** The first of a room's questions that found no round left, which speaks for all of them. */
export const firstOverLimit = (all: readonly Unsent[], event_id: string): Unsent | undefined =>
  all.find((item) => item.event_id === event_id && isOverLimit(item))

/** All of them, in the order in which they were written, to the session that was begun. */
export function resendOverLimit(event_id: string, visibility: Visibility): void {
  for (const item of items())
    if (item.event_id === event_id && isOverLimit(item)) resendMessage(item.client_message_id, { visibility })
}

export function discard(client_message_id: string): void {
  forgetItem(client_message_id)
  if (owner) store(toUnsentKey(owner.user_id, client_message_id), undefined)
}

const items = () => useOutbox.getState().items
const find = (id: string) => items().find((item) => item.client_message_id === id)

const forgetItem = (id: string) =>
  useOutbox.setState({ items: items().filter(({ client_message_id }) => client_message_id !== id) })

function keepItem(item: Unsent): void {
  if (owner) store(toUnsentKey(owner.user_id, item.client_message_id), item)
}

function update(changed: Unsent): void {
  const { client_message_id } = changed
  useOutbox.setState({ items: items().map((item) => (item.client_message_id === client_message_id ? changed : item)) })
  keepItem(changed)
}

// Sent or discarded in another tab that had it, too.
onOtherTab((key, value) => {
  const gone = items().find(({ client_message_id }) => owner && key === toUnsentKey(owner.user_id, client_message_id))
  if (gone && value === null) forgetItem(gone.client_message_id)
})

/** One after the other in a room, in the order in which they were written. */
function enqueue({ event_id, client_message_id }: Unsent): void {
  const before = queues.get(event_id) ?? Promise.resolve()
  queues.set(
    event_id,
    before.then(() => send(client_message_id)),
  )
}

async function send(client_message_id: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const item = find(client_message_id)
    if (!item || !owner || item.state === 'failed') return // discarded meanwhile
    try {
      const messages = await owner.delivery.deliver(item)
      const confirmed = new Set([...useOutbox.getState().confirmed, ...messages.map((message) => message.message_id)])
      useOutbox.setState({ confirmed })
      owner.delivery.delivered(item, messages)
      return discard(client_message_id)
    } catch (error) {
      const trouble = toErrorKind(error)
      if (!find(client_message_id)) return
      if (!isTransient(trouble)) return update({ ...item, state: 'failed', trouble })
      update({ ...item, state: 'waiting', trouble })
      await owner.delivery.betterTimes(tries)
    }
  }
}
