import { type Message, type MessageQuote, quotesChat, readQuote, type Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { findKeyEventId, readStored, store, subscribeToOtherTabs, toRoomKey } from '../page/storage.ts'

/** Describes the quote of the next message as it will be shown, with the quoted message's session and visibility. */
export interface DraftQuote extends MessageQuote {
  chat_session_id: string | null
  visibility: Visibility
}

export function toDraftQuote(message: Message, text: string): DraftQuote {
  const { message_id, message_from, message_category, user_id, created_at, chat_session_id, visibility } = message
  return {
    message_id,
    message_from,
    message_category,
    user_id,
    created_at,
    text,
    chat_session_id,
    visibility,
    // Agents cannot read a post that quotes a chat with the AI, so they cannot read a quote of this post either.
    ...(message_category === 'room' && quotesChat(readQuote(message)) && { people_only: true }),
  }
}

/**
 * Holds the quote of each room's draft, by event; null if there is none. Without an entry, the stored quote applies.
 */
const useQuotes = create<Record<string, DraftQuote | null>>(() => ({}))

/** Holds the id of the user whose quotes this tab shows. */
let ownerId = ''

export function useDraftQuote(user_id: string, event_id: string): DraftQuote | null {
  ownerId = user_id
  const quote = useQuotes((quotes) => quotes[event_id])
  return quote === undefined ? (readStored<DraftQuote>(toRoomKey(user_id, event_id, 'quote')) ?? null) : quote
}

export function setDraftQuote(user_id: string, event_id: string, quote: DraftQuote | null): void {
  useQuotes.setState({ [event_id]: quote })
  store(toRoomKey(user_id, event_id, 'quote'), quote ?? undefined)
}

// Tabs of one person share a draft and its quote.
subscribeToOtherTabs((key, value) => {
  const event_id = findKeyEventId(key, ownerId, 'quote')
  if (event_id === undefined) return
  const quote: DraftQuote | null = value === null ? null : JSON.parse(value)
  useQuotes.setState({ [event_id]: quote })
})
