import type { Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { readStored, store, subscribeToOtherTabs, toKey } from '../page/storage.ts'

/** Says who gets what is written next in a room. It stays until the writer changes it, also across a reload. */
export interface Recipient {
  to: 'room' | 'ai'
  /** Chooses the session with the AI. While the room is chosen, it is the one that `@AI` goes back to. */
  visibility: Visibility
}

/** Returns the recipient of a message that was not sent, for editing it. */
export const toRecipient = ({ to, visibility }: Recipient): Recipient => ({
  to,
  visibility: to === 'ai' ? visibility : 'private',
})

const START: Recipient = { to: 'room', visibility: 'private' }

/** Holds the recipient of each room, by event. */
const useRecipients = create<Record<string, Recipient>>(() => ({}))

let ownerId = ''

export function useRecipient(user_id: string, event_id: string): Recipient {
  ownerId = user_id
  return useRecipients((recipients) => recipients[event_id]) ?? readRecipient(user_id, event_id)
}

export const getRecipient = (user_id: string, event_id: string): Recipient =>
  useRecipients.getState()[event_id] ?? readRecipient(user_id, event_id)

export function setRecipient(user_id: string, event_id: string, recipient: Recipient): void {
  useRecipients.setState({ [event_id]: recipient })
  store(toKey(user_id, event_id, 'recipient'), recipient)
}

const readRecipient = (user_id: string, event_id: string): Recipient =>
  readStored<Recipient>(toKey(user_id, event_id, 'recipient')) ?? START

// Tabs of one person share a draft, so they share whom it is for.
subscribeToOtherTabs((key, value) => {
  const [, , event_id, kind] = key.split('/')
  if (kind !== 'recipient' || event_id === undefined || key !== toKey(ownerId, event_id, 'recipient')) return
  const recipient: Recipient = value === null ? START : JSON.parse(value)
  useRecipients.setState({ [event_id]: recipient })
})
