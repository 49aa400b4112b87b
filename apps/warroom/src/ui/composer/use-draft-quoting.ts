import { findMessage } from '@engineer-chat/client'
import { useMessages } from '../../i18n/index.ts'
import { type DraftQuote, setDraftQuote, useDraftQuote } from '../../state/asking/quoting.ts'
import type { Recipient } from '../../state/asking/recipient.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useRoom } from '../../state/rooms/rooms.ts'

interface DraftQuoting {
  quote: DraftQuote | null
  /** Says whether other users would read a quote of a message that only this person may read. */
  isBlocked: boolean
  /** Removes the quote because it is sent with the message. */
  takeQuote(): DraftQuote | undefined
  /** Removes the quote. A toast offers to undo this. */
  removeQuote(): void
}

/**
 * Holds the quote of the next message. The visibility comes from the quoted message as the room holds it now, because
 * the message's session may have been shared after the quote was chosen.
 */
export function useDraftQuoting(user_id: string, event_id: string, recipient: Recipient): DraftQuoting {
  const t = useMessages()
  const quote = useDraftQuote(user_id, event_id)
  const visibility = useRoom(event_id, (room) => quote && (findMessage(room, quote.message_id) ?? quote).visibility)
  const isForOthers = recipient.to === 'room' || recipient.visibility === 'room'
  const setQuote = (newQuote: DraftQuote | null) => setDraftQuote(user_id, event_id, newQuote)
  const takeQuote = () => {
    setQuote(null)
    return quote ?? undefined
  }
  const removeQuote = () => {
    setQuote(null)
    if (quote) showToast(t.quote_removed, 'plain', { label: t.undo, run: () => setQuote(quote) })
  }
  return { quote, isBlocked: visibility === 'private' && isForOthers, takeQuote, removeQuote }
}
