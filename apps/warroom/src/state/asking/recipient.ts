import type { Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { findKeyEventId, readStored, store, subscribeToOtherTabs, toRoomKey } from '../page/storage.ts'

/** Names the recipient of the next message in a room. The browser keeps it across a reload. */
export interface Recipient {
  to: 'room' | 'ai'
  /**
   * A question goes to the writer's active session with this visibility. This also holds for a text that begins with
   * `@AI` while `to` is the room.
   */
  visibility: Visibility
}

/**
 * Returns the recipient that the message box gets when an unsent message is edited in it. The visibility of a post is
 * `room`, which is not the writer's choice for their next question, so that question is private.
 */
export const toEditedRecipient = ({ to, visibility }: Recipient): Recipient => ({
  to,
  visibility: to === 'ai' ? visibility : 'private',
})

const DEFAULT_RECIPIENT: Recipient = { to: 'room', visibility: 'private' }

/** Holds the recipient of each room, by event. */
const useRecipients = create<Record<string, Recipient>>(() => ({}))

/** Holds the id of the user whose recipients this tab shows. */
let ownerId = ''

export function useRecipient(user_id: string, event_id: string): Recipient {
  ownerId = user_id
  return useRecipients((recipients) => recipients[event_id]) ?? readRecipient(user_id, event_id)
}

export const getRecipient = (user_id: string, event_id: string): Recipient =>
  useRecipients.getState()[event_id] ?? readRecipient(user_id, event_id)

export function setRecipient(user_id: string, event_id: string, recipient: Recipient): void {
  useRecipients.setState({ [event_id]: recipient })
  store(toRoomKey(user_id, event_id, 'recipient'), recipient)
}

const readRecipient = (user_id: string, event_id: string): Recipient =>
  readStored<Recipient>(toRoomKey(user_id, event_id, 'recipient')) ?? DEFAULT_RECIPIENT

// Tabs of one person share a draft, so they also share its recipient.
subscribeToOtherTabs((key, value) => {
  const event_id = findKeyEventId(key, ownerId, 'recipient')
  if (event_id === undefined) return
  const recipient: Recipient = value === null ? DEFAULT_RECIPIENT : JSON.parse(value)
  useRecipients.setState({ [event_id]: recipient })
})
