import { findMessage } from '@engineer-chat/client'
import { type DraftQuote, setDraftQuote, useDraftQuote } from '../../state/asking/quoting.ts'
import type { Recipient } from '../../state/asking/recipient.ts'
import { useRoom } from '../../state/rooms/rooms.ts'

interface DraftQuoting {
  quote: DraftQuote | null
  /** Says whether other users would read a quote of a message that only this person may read. */
  isBlocked: boolean
  setQuote(quote: DraftQuote | null): void
}

/**
 * Holds the quote of the next message. The visibility comes from the quoted message as the room holds it now, because
 * the message's session may have been shared after the quote was chosen.
 */
export function useDraftQuoting(user_id: string, event_id: string, recipient: Recipient): DraftQuoting {
  const quote = useDraftQuote(user_id, event_id)
  const visibility = useRoom(event_id, (room) => quote && (findMessage(room, quote.message_id) ?? quote).visibility)
  const isForOthers = recipient.to === 'room' || recipient.visibility === 'room'
  return {
    quote,
    isBlocked: visibility === 'private' && isForOthers,
    setQuote: (newQuote) => setDraftQuote(user_id, event_id, newQuote),
  }
}
