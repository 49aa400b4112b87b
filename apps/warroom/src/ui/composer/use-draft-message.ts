import { countCharacters, MAX_MESSAGE_CHARACTERS, type User } from '@engineer-chat/protocol'
import { useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useDraft } from '../../state/asking/drafts.ts'
import { editUnsent } from '../../state/asking/edit-unsent.ts'
import { useModelRestriction } from '../../state/asking/models.ts'
import { useOutbox } from '../../state/asking/outbox.ts'
import { type Recipient, setRecipient, useRecipient } from '../../state/asking/recipient.ts'
import { submitText } from '../../state/asking/submit-text.ts'
import { showToast } from '../../state/page/toasts.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { isAiMentionComplete, mayBecomeQuestion, parseAddressee, removeAiMentions } from '../../text/addressee.ts'
import { announce } from '../parts/announcer.tsx'
import { runPageCommand } from './commands.ts'
import { useDraftQuoting } from './use-draft-quoting.ts'

/** While the writer types, other users are notified at most once in this time. */
const TYPING_INTERVAL_MS = 3_000

/** Says why a text was not sent: `text` describes the problem, or the text looks like the mistyped `command`. */
export type Refusal = { kind: 'problem'; text: string } | { kind: 'mistyped_command'; command: string }

/** Holds the text of the message box. The text is sent, run as a command, or refused. */
export function useDraftMessage(user: User, event_id: string) {
  const t = useMessages()
  const [text, setText] = useDraft(user.user_id, event_id)
  const [refusal, setRefusal] = useState<Refusal>()
  const chosenRecipient = useRecipient(user.user_id, event_id)
  const addressee = parseAddressee(text, chosenRecipient.to)
  const isForAi = addressee.to === 'ai' || addressee.to === 'ai_without_question'
  const recipient: Recipient = isForAi ? { ...chosenRecipient, to: 'ai' } : chosenRecipient
  const sendTyping = useTypingSignal(event_id)
  const quoting = useDraftQuoting(user.user_id, event_id, recipient)
  const restriction = useModelRestriction(event_id)
  const isAskingForbidden = isForAi && restriction === 'forbidden'

  /** Changes the text. A complete `@AI` at the beginning also chooses the AI as recipient. */
  const write = (newText: string) => {
    setText(newText)
    setRefusal(undefined)
    if (chosenRecipient.to === 'room' && isAiMentionComplete(newText))
      setRecipient(user.user_id, event_id, { ...chosenRecipient, to: 'ai' })
    if (parseAddressee(newText, chosenRecipient.to).to === 'room' && !mayBecomeQuestion(newText)) sendTyping()
  }
  /** Chooses who receives the text. For the room, `@AI` at the beginning is removed, because it would ask the AI. */
  const chooseRecipient = (newRecipient: Recipient) => {
    setRecipient(user.user_id, event_id, newRecipient)
    setRefusal(undefined)
    if (newRecipient.to === 'room') setText(removeAiMentions(text))
  }
  const refuse = (problem: string) => setRefusal({ kind: 'problem', text: problem })
  const submit = (to: 'ai' | 'room') => {
    if (quoting.isBlocked) return announce(t.quote_is_private) // A note at the quote also says what to do.
    if (isAskingForbidden) return announce(t.no_model_for_red) // The composer also shows this text.
    const trimmedText = text.trim()
    // `length` counts UTF-16 units. A character has one or two of them, so a text has at most `length` characters.
    const mayBeTooLong = trimmedText.length > MAX_MESSAGE_CHARACTERS
    const characterCount = mayBeTooLong ? countCharacters(trimmedText) : trimmedText.length
    if (characterCount > MAX_MESSAGE_CHARACTERS) return refuse(t.too_long(characterCount, MAX_MESSAGE_CHARACTERS))
    const visibility = to === 'ai' ? recipient.visibility : 'room'
    submitText(user.user_id, { event_id, to, text: trimmedText, visibility, quote: quoting.quote ?? undefined })
    quoting.setQuote(null)
    setRecipient(user.user_id, event_id, { ...recipient, to })
    write('')
  }
  /** Sends the text. If it looks like a mistyped command and `skipsCommandCheck` is false, first asks the writer. */
  const send = ({ skipsCommandCheck = false } = {}) => {
    switch (addressee.to) {
      case 'nobody':
        return
      case 'page':
        write('')
        return runPageCommand(addressee.command, { user, event_id })
      case 'ai_without_question':
        return refuse(t.question_missing)
      default:
        if (addressee.meantCommand === undefined || skipsCommandCheck) return submit(addressee.to)
        return setRefusal({ kind: 'mistyped_command', command: addressee.meantCommand })
    }
  }
  /** Removes the quote, and the suggested beginning of a question if it is unchanged. The toast offers to undo this. */
  const removeQuote = () => {
    const removedQuote = quoting.quote
    quoting.setQuote(null)
    if (text === t.quote_start) write('')
    if (!removedQuote) return
    showToast(t.quote_removed, 'plain', { label: t.undo, run: () => quoting.setQuote(removedQuote) })
  }
  /** Puts the last message that failed into the message box again. Returns false if there is none. */
  const editLastFailed = () => {
    const { items: unsentMessages } = useOutbox.getState()
    const lastFailed = unsentMessages.findLast((unsent) => unsent.event_id === event_id && unsent.state === 'failed')
    if (!lastFailed) return false
    editUnsent(user.user_id, lastFailed)
    setRefusal(undefined)
    return true
  }
  const { quote, isBlocked: isQuoteBlocked } = quoting
  const state = { text, quote, isQuoteBlocked, isAskingForbidden, refusal, addressee, recipient }
  return { ...state, removeQuote, chooseRecipient, write, send, editLastFailed }
}

/** Returns a function that tells the other users of the room that this user is typing. */
function useTypingSignal(event_id: string): () => void {
  const sentAtMs = useRef(Number.NEGATIVE_INFINITY)
  return () => {
    if (performance.now() - sentAtMs.current < TYPING_INTERVAL_MS) return
    sentAtMs.current = performance.now()
    getRoom(event_id).sendTyping()
  }
}
