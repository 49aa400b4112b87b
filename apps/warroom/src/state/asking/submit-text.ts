import { getRoom } from '../rooms/rooms.ts'
import { showEndAfterSending } from '../rooms/sent.ts'
import { getDraft } from './drafts.ts'
import { getChosenModel } from './models.ts'
import { submitMessage, type Unsent } from './outbox.ts'
import { setRecipient } from './recipient.ts'

type Submission = Pick<Unsent, 'event_id' | 'to' | 'visibility' | 'text' | 'quote'>

/** Sends a text to the room or to the AI, and shows the end of the room, where the message appears. */
export function submitText(user_id: string, submission: Submission): void {
  const { event_id, to } = submission
  const model = to === 'ai' ? getChosenModel(event_id) : undefined
  const { lastSeq, messages } = getRoom(event_id).state
  // The response to an earlier message may have arrived before the socket has brought its seq.
  const since_seq = Math.max(lastSeq ?? 0, messages.at(-1)?.position ?? 0)
  submitMessage({ ...submission, model, since_seq })
  showEndAfterSending(user_id, event_id)
}

/**
 * Asks the AI for this person alone. A text that is already in the message box keeps its recipient. If the box is
 * empty, the AI becomes its recipient, so that no other person receives a follow-up question.
 */
export function askPrivately(user_id: string, event_id: string, text: string): void {
  submitText(user_id, { event_id, to: 'ai', visibility: 'private', text })
  if (getDraft(user_id, event_id) === '') setRecipient(user_id, event_id, { to: 'ai', visibility: 'private' })
}
