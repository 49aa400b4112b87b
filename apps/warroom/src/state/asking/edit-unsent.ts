import { getMessages } from '../../i18n/index.ts'
import { getDraft, setDraft } from './drafts.ts'
import { discardUnsent, type Unsent } from './outbox.ts'
import { setDraftQuote } from './quoting.ts'
import { setRecipient, toEditedRecipient } from './recipient.ts'

/** Moves an unsent message into the message box, above the text that has been written there since. */
export function editUnsent(user_id: string, unsent: Unsent): void {
  const { event_id, text, quote, client_message_id } = unsent
  const draft = getDraft(user_id, event_id)
  // The page itself has written this beginning of a question, so it is dropped if the writer has not changed it.
  const isSuggestedStart = draft === getMessages().quote_start
  const hasOwnText = draft.trim() !== '' && !isSuggestedStart
  setDraft(user_id, event_id, hasOwnText ? `${text}\n${draft}` : text)
  if (quote) setDraftQuote(user_id, event_id, quote)
  setRecipient(user_id, event_id, toEditedRecipient(unsent))
  discardUnsent(client_message_id)
}
