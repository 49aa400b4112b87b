import { createClientMessageId } from '@engineer-chat/client'
import type { Message, Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { listStoredUnsent, readStored, store, subscribeToOtherTabs, toUnsentKey } from '../page/storage.ts'
import { removeFilterThatHides } from '../rooms/room-filter.ts'
import type { DraftQuote } from './quoting.ts'

/** Describes a message that the server has not confirmed yet. It keeps the same id in each try. */
export interface Unsent {
  client_message_id: string
  event_id: string
  to: 'ai' | 'room'
  text: string
  /**
   * Holds the visibility that the writer was shown. A question goes to the writer's active session with this
   * visibility.
   */
  visibility: Visibility
  /** Names the model that is asked; the server chooses if it is undefined. */
  model?: string | undefined
  /** Holds what the message quotes. */
  quote?: DraftQuote | undefined
  /**
   * Holds the room's highest seq or position that the page knew when the message was written, or the position of a
   * message that the page has sent to the room since then. The socket may deliver the stored message before the
   * response arrives. A stored message is taken for this one if it has the same writer and text, is also for the AI or
   * also for the room, and has a position above this seq: both come from the same sequence.
   */
  since_seq: number
  written_at: string
  /**
   * `sending`: the message is queued, or its first try is running. `waiting`: a try has failed for a temporary reason
   * (`isTemporary`), and tries follow until one succeeds or fails for a lasting reason. `failed`: there are no more
   * tries, unless the writer sends the message again or starts the next session.
   */
  state: 'sending' | 'waiting' | 'failed'
  errorKind: ErrorKind | null
}

/**
 * Describes a message as the browser stores it. There, `errorKind` is called `trouble`, because earlier versions of the
 * page stored it under this name.
 */
type StoredUnsent = Omit<Unsent, 'errorKind'> & { trouble: ErrorKind | null }

const toStored = ({ errorKind, ...item }: Unsent): StoredUnsent => ({ ...item, trouble: errorKind })
const fromStored = ({ trouble, ...item }: StoredUnsent): Unsent => ({ ...item, errorKind: trouble })

/** Returns true if a later try can succeed: when the server is back or less busy, or the user has signed in again. */
const isTemporary = (kind: ErrorKind): boolean =>
  kind === 'unreachable' || kind === 'unavailable' || kind === 'rate_limited' || kind === 'unauthorized'

export interface Delivery {
  /** Sends the message and resolves to the messages that the server stored. */
  deliver(unsent: Unsent): Promise<Message[]>
  /** Shows the stored messages before the unsent one is removed. */
  showDelivered(unsent: Unsent, messages: Message[]): void
  /** Resolves when the connection or the sign-in is back, or after a pause that grows with each failed try. */
  waitBeforeRetry(earlierFailures: number): Promise<void>
}

interface Outbox {
  items: readonly Unsent[]
}

export const useOutbox = create<Outbox>(() => ({ items: [] }))

/** Holds the person whose messages this page sends, and the way in which the messages are delivered. */
let outboxOwner: { user_id: string; delivery: Delivery } | undefined
/** Holds for each event a promise that resolves when its queued messages were sent, refused or removed. */
const queues = new Map<string, Promise<void>>()

/**
 * Shows the unsent messages that this browser has stored for this person, for example before a reload, and sends them
 * again. Messages that have failed are only shown.
 */
export function openOutbox(user_id: string, delivery: Delivery): void {
  if (outboxOwner?.user_id === user_id) return
  outboxOwner = { user_id, delivery }
  const items = listStoredUnsent<StoredUnsent>(user_id).map(fromStored)
  useOutbox.setState({ items: items.map((item) => (item.state === 'failed' ? item : { ...item, state: 'sending' })) })
  for (const item of items) if (item.state !== 'failed') enqueue(item)
}

/** Puts a new message into the outbox and sends it. */
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
  removeFilterThatHides(item.event_id, { message_category: item.to === 'ai' ? 'engineer_chat' : 'room' })
  useOutbox.setState({ items: [...listItems(), item] })
  storeItem(item)
  enqueue(item)
}

/** Sends a failed message again with its original recipient and visibility. */
export function resendMessage(client_message_id: string): void {
  const item = findItem(client_message_id)
  if (item?.state !== 'failed') return
  const resent: Unsent = { ...item, state: 'sending', errorKind: null }
  updateItem(resent)
  enqueue(resent)
}

const isRefusedAtRoundLimit = ({ state, errorKind }: Unsent) =>
  state === 'failed' && errorKind === 'session_round_limit'

/** Identifies the session that a question goes to: a person has at most one active session of a visibility. */
type SessionKey = Pick<Unsent, 'event_id' | 'visibility'>

const listRefusedAtRoundLimit = (items: readonly Unsent[], { event_id, visibility }: SessionKey): Unsent[] =>
  items.filter((item) => item.event_id === event_id && item.visibility === visibility && isRefusedAtRoundLimit(item))

/**
 * Finds the first question that was refused because its session is at the round limit. Only this question offers the
 * next session.
 */
export const findFirstRefusedAtRoundLimit = (items: readonly Unsent[], key: SessionKey): Unsent | undefined =>
  listRefusedAtRoundLimit(items, key)[0]

/**
 * Sends the questions that were refused because of the round limit to the new session, in the order in which they were
 * written.
 */
export function resendRefusedAtRoundLimit(key: SessionKey): void {
  for (const item of listRefusedAtRoundLimit(listItems(), key)) resendMessage(item.client_message_id)
}

/** Removes a message from the outbox, and also from this browser's storage. */
export function discardUnsent(client_message_id: string): void {
  removeItem(client_message_id)
  if (outboxOwner) store(toUnsentKey(outboxOwner.user_id, client_message_id), undefined)
}

const listItems = () => useOutbox.getState().items
const findItem = (client_message_id: string) => listItems().find((item) => item.client_message_id === client_message_id)

const removeItem = (client_message_id: string) =>
  useOutbox.setState({ items: listItems().filter((item) => item.client_message_id !== client_message_id) })

function storeItem(item: Unsent): void {
  if (outboxOwner) store(toUnsentKey(outboxOwner.user_id, item.client_message_id), toStored(item))
}

/** Returns false if another tab has just removed the message, which this tab has not learned yet. */
const isStored = ({ client_message_id }: Unsent): boolean =>
  outboxOwner !== undefined && readStored(toUnsentKey(outboxOwner.user_id, client_message_id)) !== undefined

function updateItem(changed: Unsent): void {
  const { client_message_id } = changed
  useOutbox.setState({
    items: listItems().map((item) => (item.client_message_id === client_message_id ? changed : item)),
  })
  storeItem(changed)
}

// Removes a message here when another tab has sent or discarded it.
subscribeToOtherTabs((key, value) => {
  const removed = listItems().find(
    ({ client_message_id }) => outboxOwner && key === toUnsentKey(outboxOwner.user_id, client_message_id),
  )
  if (removed && value === null) removeItem(removed.client_message_id)
})

/** Queues a message. The messages of a room are sent one at a time, in the order in which they were written. */
function enqueue({ event_id, client_message_id }: Unsent): void {
  const previous = queues.get(event_id) ?? Promise.resolve()
  queues.set(
    event_id,
    previous.then(() => send(client_message_id)),
  )
}

/**
 * Raises `since_seq` of the room's other unsent messages, so that the stored messages of the sent one are not taken for
 * one of them. The others are stored later, so their positions are higher.
 */
function raiseSinceSeq(sent: Unsent, storedMessages: Message[]): void {
  const newestPosition = Math.max(...storedMessages.map(({ position }) => position))
  for (const item of listItems()) {
    const isOther = item.event_id === sent.event_id && item.client_message_id !== sent.client_message_id
    if (isOther && item.since_seq < newestPosition && isStored(item)) updateItem({ ...item, since_seq: newestPosition })
  }
}

/** Tries to send a message until a try succeeds or fails for a lasting reason. */
async function send(client_message_id: string): Promise<void> {
  for (let earlierFailures = 0; ; earlierFailures += 1) {
    const item = findItem(client_message_id)
    // The writer or another tab has removed the message, or it has failed, or the outbox was never opened.
    if (!item || !outboxOwner || item.state === 'failed') return
    try {
      const messages = await outboxOwner.delivery.deliver(item)
      raiseSinceSeq(item, messages)
      outboxOwner.delivery.showDelivered(item, messages)
      return discardUnsent(client_message_id)
    } catch (error) {
      const errorKind = toErrorKind(error)
      if (!findItem(client_message_id)) return
      if (!isTemporary(errorKind)) return updateItem({ ...item, state: 'failed', errorKind })
      updateItem({ ...item, state: 'waiting', errorKind })
      await outboxOwner.delivery.waitBeforeRetry(earlierFailures)
    }
  }
}
