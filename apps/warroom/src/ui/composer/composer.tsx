import type { User } from '@engineer-chat/protocol'
import { type KeyboardEvent, type ReactNode, type RefObject, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { isAtLimit, useChat } from '../../state/asking/chat.ts'
import { findFirstOverLimit, useOutbox } from '../../state/asking/outbox.ts'
import { correctCommand } from '../../text/commands.ts'
import { Icon } from '../parts/icon.tsx'
import { NextSession } from '../timeline/next-session.tsx'
import { Audience } from './audience.tsx'
import { CommandButtons, CommandMenuButton } from './command-buttons.tsx'
import { DictationBar, DictationButton } from './dictation.tsx'
import { isSendKey } from './keys.ts'
import { chooseNextRecipient, isRecipientKey, RecipientPicker, toRecipientName } from './recipient-picker.tsx'
import { RefusalNote } from './refusal.tsx'
import { type Completion, Suggestions, useSuggestions } from './suggestions.tsx'
import { useDraftMessage } from './use-draft-message.ts'

export function Composer({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const box = useRef<HTMLTextAreaElement>(null)
  const chat = useChat(event_id)
  const message = useDraftMessage(user, event_id)
  const { text, addressee, recipient, chooseRecipient, write, send, editLastFailed } = message
  const suggestions = useSuggestions(box, text, event_id)

  const complete = (completion: Completion) => {
    write(completion.text)
    requestAnimationFrame(() => box.current?.setSelectionRange(completion.caret, completion.caret))
  }
  const correctTo = (command: string) => {
    write(correctCommand(text.trim(), command))
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const handled = suggestions.handleKey(event)
    if (handled === 'handled') return event.preventDefault()
    if (handled) {
      event.preventDefault()
      return complete(handled)
    }
    if (isRecipientKey(event.nativeEvent)) {
      event.preventDefault() // macOS would write a sign.
      chooseRecipient(chooseNextRecipient(recipient, addressee, t))
    } else if (isSendKey(event.nativeEvent)) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && text === '' && editLastFailed()) event.preventDefault()
  }
  const isQuestion = recipient.to === 'ai'
  /** The first question over the limit offers the next session itself, and sends all of them again. */
  const isOfferedAbove = useOutbox(
    ({ items }) => recipient.to === 'ai' && findFirstOverLimit(items, { event_id, ...recipient }) !== undefined,
  )
  return (
    <section className={`composer for-${toRecipientName(recipient)}`} aria-label={t.composer} id="composer">
      {isQuestion && isAtLimit(chat, recipient.visibility) && !isOfferedAbove && (
        <div className="limit" role="status">
          <p>{t.at_limit(chat.max_rounds)}</p>
          <NextSession event_id={event_id} visibility={recipient.visibility} />
        </div>
      )}
      <DictationBar event_id={event_id} />
      <Suggestions suggestions={suggestions} choose={complete} />
      <MessageBox {...{ box, text, event_id, isQuestion, suggestions, write, send, onKeyDown }}>
        <RecipientPicker {...{ recipient, addressee }} choose={chooseRecipient} />
      </MessageBox>
      <Hints {...{ user, event_id, message, correctTo }} />
    </section>
  )
}

interface HintsProps {
  user: User
  event_id: string
  message: ReturnType<typeof useDraftMessage>
  correctTo(command: string): void
}

/** Shows below the box who gets the text, and what can be done next. */
function Hints({ user, event_id, message, correctTo }: HintsProps): ReactNode {
  const t = useMessages()
  const { text, refusal, addressee, recipient, send } = message
  const isNoCommand = addressee.to === 'room' && addressee.looksLikeCommand // The audience says it, and leaves no room.
  return (
    <div className="under">
      <span id="composer-hint">
        <Audience {...{ event_id, addressee, recipient, text }} />
        {refusal !== undefined ? (
          <RefusalNote {...{ refusal, addressee, correctTo }} sendUnchecked={() => send({ skipsCheck: true })} />
        ) : (
          text !== '' && !isNoCommand && <span className="quiet keys wide-only">{t.keys_hint}</span>
        )}
      </span>
      {text === '' && refusal === undefined && <CommandButtons user={user} event_id={event_id} />}
    </div>
  )
}

interface MessageBoxProps {
  /** Stands left of the box. */
  children: ReactNode
  box: RefObject<HTMLTextAreaElement | null>
  text: string
  event_id: string
  isQuestion: boolean
  suggestions: ReturnType<typeof useSuggestions>
  write(text: string): void
  send(): void
  onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void
}

function MessageBox({
  children,
  box,
  text,
  event_id,
  isQuestion,
  suggestions,
  write,
  send,
  onKeyDown,
}: MessageBoxProps): ReactNode {
  const t = useMessages()
  return (
    <div className="box">
      {children}
      <div className="growing" data-text={text}>
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={isQuestion ? t.placeholder_ai : t.placeholder}
          aria-label={t.composer}
          aria-describedby="composer-hint"
          aria-controls={suggestions.items.length > 0 ? 'suggestions' : undefined}
          onChange={({ target }) => {
            write(target.value)
            suggestions.updateCaret()
          }}
          onKeyDown={onKeyDown}
          onSelect={suggestions.updateCaret}
          onBlur={suggestions.close}
        />
      </div>
      {text === '' && <CommandMenuButton open={() => suggestions.openCommands(write)} />}
      <DictationButton event_id={event_id} />
      <button
        type="button"
        className="primary send"
        disabled={text.trim() === ''}
        onClick={() => send()}
        aria-label={t.send}
        title={t.send}
      >
        <Icon name={isQuestion ? 'sparkle' : 'send'} />
      </button>
    </div>
  )
}
