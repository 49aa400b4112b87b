import { quotesChat, type User, type Visibility } from '@engineer-chat/protocol'
import { type KeyboardEvent, lazy, type ReactNode, type RefObject, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { isAtLimit, useChat } from '../../state/asking/chat.ts'
import { findFirstOverLimit, useOutbox } from '../../state/asking/outbox.ts'
import { correctCommand } from '../../text/commands.ts'
import { Icon } from '../parts/icon.tsx'
import { Lazily } from '../parts/lazily.tsx'
import { NextSession } from '../timeline/next-session.tsx'
import { Audience } from './audience.tsx'
import { CommandButtons, CommandMenuButton } from './command-buttons.tsx'
import { DictationBar, DictationButton } from './dictation.tsx'
import { isSendKey } from './keys.ts'
import { chooseNextRecipient, isRecipientKey, RecipientPicker, toRecipientName } from './recipient-picker.tsx'
import { RefusalNote } from './refusal.tsx'
import { type Completion, Suggestions, useSuggestions } from './suggestions.tsx'
import { useDraftMessage } from './use-draft-message.ts'

const DraftQuoteView = lazy(() => import('../quoting/draft-quote-view.tsx'))

export function Composer({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const box = useRef<HTMLTextAreaElement>(null)
  const message = useDraftMessage(user, event_id)
  const { text, addressee, recipient, quote, chooseRecipient, write, send, editLastFailed } = message
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
    } else if (event.key === 'Escape' && quote && !event.nativeEvent.isComposing) {
      event.preventDefault()
      message.removeQuote()
    } else if (event.key === 'ArrowUp' && text === '' && editLastFailed()) event.preventDefault()
  }
  const isQuestion = recipient.to === 'ai'
  return (
    <section className={`composer for-${toRecipientName(recipient)}`} aria-label={t.composer} id="composer">
      {isQuestion && <RoundLimit event_id={event_id} visibility={recipient.visibility} />}
      {message.isForbidden && (
        <p className="limit" role="status">
          {t.no_model_for_red}
        </p>
      )}
      <DictationBar event_id={event_id} />
      <Suggestions suggestions={suggestions} choose={complete} />
      {quote && (
        <Lazily fallback={null}>
          <DraftQuoteView
            quote={quote}
            event_id={event_id}
            isBlocked={message.isQuoteBlocked}
            remove={() => {
              message.removeQuote()
              box.current?.focus()
            }}
          />
        </Lazily>
      )}
      <MessageBox
        {...{ box, text, event_id, isQuestion, suggestions, write, send, onKeyDown }}
        isBlocked={message.isQuoteBlocked || message.isForbidden}
      >
        <RecipientPicker {...{ recipient, addressee }} choose={chooseRecipient} />
      </MessageBox>
      <Hints {...{ user, event_id, message, correctTo }} />
    </section>
  )
}

/** Offers the next session, unless the first question over the limit offers it and sends all of them again. */
function RoundLimit({ event_id, visibility }: { event_id: string; visibility: Visibility }): ReactNode {
  const t = useMessages()
  const chat = useChat(event_id)
  const isOfferedAbove = useOutbox(({ items }) => findFirstOverLimit(items, { event_id, visibility }) !== undefined)
  if (!isAtLimit(chat, visibility) || isOfferedAbove) return null
  return (
    <div className="limit" role="status">
      <p>{t.at_limit(chat.max_rounds)}</p>
      <NextSession event_id={event_id} visibility={visibility} />
    </div>
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
  const { text, refusal, addressee, recipient, quote, send } = message
  const isNoCommand = addressee.to === 'room' && addressee.looksLikeCommand // The audience says it, and leaves no room.
  return (
    <div className="under">
      <span id="composer-hint">
        <Audience {...{ event_id, addressee, recipient, text }} quotesChat={quotesChat(quote ?? undefined)} />
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
  /** Is true if the message can't be sent as it is. */
  isBlocked: boolean
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
  isBlocked,
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
        disabled={isBlocked || text.trim() === ''}
        onClick={() => send()}
        aria-label={t.send}
        title={t.send}
      >
        <Icon name={isQuestion ? 'sparkle' : 'send'} />
      </button>
    </div>
  )
}
