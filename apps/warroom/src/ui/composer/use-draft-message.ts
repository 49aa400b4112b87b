import { countCharacters, MAX_MESSAGE_CHARACTERS, type User } from '@engineer-chat/protocol'
import { useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useDraft } from '../../state/asking/drafts.ts'
import { editUnsent } from '../../state/asking/edit-unsent.ts'
import { useModelRestriction } from '../../state/asking/models.ts'
import { useOutbox } from '../../state/asking/outbox.ts'
import { type Recipient, setRecipient, useRecipient } from '../../state/asking/recipient.ts'
import { submitText } from '../../state/asking/submit-text.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { isAiMentionComplete, mayBecomeQuestion, parseAddressee, removeAiMentions } from '../../text/addressee.ts'
import { announce } from '../parts/announcer.tsx'
import { runPageCommand } from './commands.ts'
import { useDraftQuoting } from './use-draft-quoting.ts'

/** While the writer types, other users are notified at most once in this time. */
const TYPING_INTERVAL_MS = 3_000

/** Says why a text was not sent: because of `problem`, or because it looks like a mistyped `command`. */
export type Refusal = { kind: 'problem'; problem: string } | { kind: 'mistyped_command'; command: string }

/** Holds the text of the message box. The text is sent, run as a command, or refused. */
export function useDraftMessage(user: User, event_id: string) {
  const t = useMessages()
  const draftText = useDraftText(user.user_id, event_id)
  const { text, addressee, recipient, isAskingForbidden, write, setRefusal } = draftText
  const quoting = useDraftQuoting(user.user_id, event_id, recipient)
  const refuse = (problem: string) => setRefusal({ kind: 'problem', problem })
  const submit = (to: 'ai' | 'room') => {
    if (quoting.isBlocked) return announce(t.quote_is_private) // A note at the quote also says what to do.
    if (isAskingForbidden) return announce(t.no_model_for_red) // The composer also shows this text.
    const trimmedText = text.trim()
    const characterCount = countIfTooLong(trimmedText)
    if (characterCount !== undefined) return refuse(t.too_long(characterCount, MAX_MESSAGE_CHARACTERS))
    const visibility = to === 'ai' ? recipient.visibility : 'room'
    submitText(user.user_id, { event_id, to, text: trimmedText, visibility, quote: quoting.takeQuote() })
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
  /** Removes the quote, and the suggested beginning of a question if it is unchanged. */
  const removeQuote = () => {
    quoting.removeQuote()
    if (text === t.quote_start) write('')
  }
  /** Moves the last failed message back into the message box. Returns false if there is none. */
  const editLastFailed = () => {
    const lastFailed = findLastFailed(event_id)
    if (!lastFailed) return false
    editUnsent(user.user_id, lastFailed)
    setRefusal(undefined)
    return true
  }
  const { quote, isBlocked: isQuoteBlocked } = quoting
  return { ...draftText, quote, isQuoteBlocked, removeQuote, send, editLastFailed }
}

/**
 * Holds the text, the reason why it was refused, and who receives it. `recipient` is the chosen one, or the AI if the
 * text begins with `@AI` or an AI command.
 */
function useDraftText(user_id: string, event_id: string) {
  const [text, setText] = useDraft(user_id, event_id)
  const [refusal, setRefusal] = useState<Refusal>()
  const chosenRecipient = useRecipient(user_id, event_id)
  const addressee = parseAddressee(text, chosenRecipient.to)
  const isForAi = addressee.to === 'ai' || addressee.to === 'ai_without_question'
  const recipient: Recipient = isForAi ? { ...chosenRecipient, to: 'ai' } : chosenRecipient
  const restriction = useModelRestriction(event_id)
  const isAskingForbidden = isForAi && restriction === 'forbidden'
  const sendTyping = useTypingSignal(event_id)

  /** Changes the text. A complete `@AI` at the beginning also chooses the AI as recipient. */
  const write = (newText: string) => {
    setText(newText)
    setRefusal(undefined)
    if (chosenRecipient.to === 'room' && isAiMentionComplete(newText))
      setRecipient(user_id, event_id, { ...chosenRecipient, to: 'ai' })
    if (parseAddressee(newText, chosenRecipient.to).to === 'room' && !mayBecomeQuestion(newText)) sendTyping()
  }
  /** Chooses who receives the text. For the room, `@AI` at the beginning is removed, because it would ask the AI. */
  const chooseRecipient = (newRecipient: Recipient) => {
    setRecipient(user_id, event_id, newRecipient)
    setRefusal(undefined)
    if (newRecipient.to === 'room') setText(removeAiMentions(text))
  }
  return { text, refusal, addressee, recipient, isAskingForbidden, write, chooseRecipient, setRefusal }
}

/** Returns the number of characters of a text that is too long; undefined for any other text. */
function countIfTooLong(text: string): number | undefined {
  // `length` counts UTF-16 units. A character has one or two of them, so a text has at most `length` characters.
  const characterCount = text.length > MAX_MESSAGE_CHARACTERS ? countCharacters(text) : 0
  return characterCount > MAX_MESSAGE_CHARACTERS ? characterCount : undefined
}

const findLastFailed = (event_id: string) =>
  useOutbox.getState().items.findLast((unsent) => unsent.event_id === event_id && unsent.state === 'failed')

/** Returns a function that tells the other users of the room that this user is typing. */
function useTypingSignal(event_id: string): () => void {
  const sentAtMs = useRef(Number.NEGATIVE_INFINITY)
  return () => {
    if (performance.now() - sentAtMs.current < TYPING_INTERVAL_MS) return
    sentAtMs.current = performance.now()
    getRoom(event_id).sendTyping()
  }
}
