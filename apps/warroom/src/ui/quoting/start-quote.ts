import { findMessage } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { getMessages } from '../../i18n/index.ts'
import { getDraft, setDraft } from '../../state/asking/drafts.ts'
import { setDraftQuote, toDraftQuote } from '../../state/asking/quoting.ts'
import { getRecipient, setRecipient } from '../../state/asking/recipient.ts'
import { useSignIn } from '../../state/people/sign-in.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { removeAiMentions } from '../../text/addressee.ts'
import { toWholeQuote } from '../../text/quoted-text.ts'
import { findMessageBox } from '../parts/focus.ts'
import { isQuotable } from './is-quotable.ts'

/**
 * Puts a quote above the message box, for the AI or for the room, and focuses the box. If the draft of a question is
 * empty, the box gets a suggested beginning, which is selected so that typing replaces it. If the AI is already the
 * recipient, the visibility stays unchanged.
 */
export function startQuote(to: 'ai' | 'room', message: Message, text: string = toWholeQuote(message)): void {
  const user_id = useSignIn.getState().user?.user_id
  if (user_id === undefined) return
  const { event_id } = message
  const recipient = getRecipient(user_id, event_id)
  const draft = getDraft(user_id, event_id)
  const isSuggestedStart = draft === getMessages().quote_start
  setDraftQuote(user_id, event_id, toDraftQuote(message, text))
  if (to === 'room') {
    setRecipient(user_id, event_id, { ...recipient, to: 'room' })
    // A draft that begins with `@AI` would be sent to the AI.
    setDraft(user_id, event_id, isSuggestedStart ? '' : removeAiMentions(draft))
  } else {
    if (recipient.to === 'room') setRecipient(user_id, event_id, { to: 'ai', visibility: 'private' })
    if (draft.trim() === '') setDraft(user_id, event_id, getMessages().quote_start)
  }
  requestAnimationFrame(focusDraft)
}

/** Focuses the box. Selects the suggested beginning, or puts the caret at the end of any other draft. */
function focusDraft(): void {
  const box = findMessageBox()
  box?.focus()
  if (!(box instanceof HTMLTextAreaElement)) return
  const end = box.value.length
  box.setSelectionRange(box.value === getMessages().quote_start ? 0 : end, end)
}

/** Finds the message that an element of the timeline shows, if the message can be quoted. */
export function findQuotableMessage(event_id: string, element: Element | null): Message | undefined {
  const id = element?.closest('.message')?.id.replace(/^m-/, '') ?? ''
  const message = findMessage(getRoom(event_id).state, id)
  return message && isQuotable(message) ? message : undefined
}
