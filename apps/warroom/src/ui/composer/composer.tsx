import { quotesChat, type User, type Visibility } from '@engineer-chat/protocol'
import { type KeyboardEvent, lazy, type ReactNode, type RefObject, useRef } from 'react'
import type { Catalog } from '../../i18n/en.ts'
import { useMessages } from '../../i18n/index.ts'
import { isAtRoundLimit, useChat } from '../../state/asking/chat.ts'
import { findFirstRefusedAtRoundLimit, useOutbox } from '../../state/asking/outbox.ts'
import { correctCommand } from '../../text/commands.ts'
import { Icon } from '../parts/icon.tsx'
import { LazyPart } from '../parts/lazy-part.tsx'
import { NextSession } from '../timeline/next-session.tsx'
import { Audience } from './audience.tsx'
import { CommandButtons, CommandMenuButton } from './command-buttons.tsx'
import type { Completion } from './completion.ts'
import { DictationBar, DictationButton } from './dictation.tsx'
import { isSendKey } from './keys.ts'
import { chooseNextRecipient, isRecipientKey, RecipientPicker, toRecipientName } from './recipient-picker.tsx'
import { RefusalNote } from './refusal.tsx'
import { Suggestions, useSuggestions } from './suggestions.tsx'
import { useDraftMessage } from './use-draft-message.ts'

const DraftQuoteView = lazy(() => import('../quoting/draft-quote-view.tsx'))

export function Composer({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const textarea = useRef<HTMLTextAreaElement>(null)
  const draft = useDraftMessage(user, event_id)
  const { text, addressee, recipient, quote, chooseRecipient, write, send } = draft
  const suggestions = useSuggestions(textarea, text, event_id)

  const insertCompletion = (completion: Completion) => {
    write(completion.text)
    // Before a line break the caret stays at the word, for which the list would open again.
    suggestions.close(completion.text)
    // The message box has the new text only after React has rendered it.
    requestAnimationFrame(() => textarea.current?.setSelectionRange(completion.caret, completion.caret))
  }
  const replaceByCommand = (command: string) => {
    write(correctCommand(text.trim(), command))
    textarea.current?.focus()
  }
  const isAiRecipient = recipient.to === 'ai'
  return (
    <section className={`composer for-${toRecipientName(recipient)}`} aria-label={t.composer} id="composer">
      {isAiRecipient && <RoundLimit event_id={event_id} visibility={recipient.visibility} />}
      {draft.isAskingForbidden && (
        <p className="limit" role="status">
          {t.no_model_for_red}
        </p>
      )}
      <DictationBar event_id={event_id} />
      <Suggestions suggestions={suggestions} choose={insertCompletion} />
      {quote && (
        <LazyPart fallback={null}>
          <DraftQuoteView
            quote={quote}
            event_id={event_id}
            isBlocked={draft.isQuoteBlocked}
            remove={() => {
              draft.removeQuote()
              textarea.current?.focus()
            }}
          />
        </LazyPart>
      )}
      <MessageBox
        textarea={textarea}
        text={text}
        event_id={event_id}
        isAiRecipient={isAiRecipient}
        suggestions={suggestions}
        write={write}
        send={send}
        onKeyDown={(event) => handleKey(event, { draft, suggestions, insertCompletion, t })}
        isBlocked={draft.isQuoteBlocked || draft.isAskingForbidden}
      >
        <RecipientPicker recipient={recipient} addressee={addressee} choose={chooseRecipient} />
      </MessageBox>
      <ComposerHints user={user} event_id={event_id} draft={draft} replaceByCommand={replaceByCommand} />
    </section>
  )
}

interface KeyContext {
  draft: ReturnType<typeof useDraftMessage>
  suggestions: ReturnType<typeof useSuggestions>
  insertCompletion(completion: Completion): void
  t: Catalog
}

/** Handles the keys of the message box. A list of suggestions that is open handles its keys first. */
function handleKey(event: KeyboardEvent<HTMLTextAreaElement>, context: KeyContext): void {
  const { draft, suggestions, insertCompletion, t } = context
  const keyResult = suggestions.handleKey(event)
  if (keyResult !== undefined) {
    event.preventDefault()
    if (keyResult !== 'handled') insertCompletion(keyResult)
    return
  }
  if (isRecipientKey(event.nativeEvent)) {
    event.preventDefault() // macOS would insert a special character.
    draft.chooseRecipient(chooseNextRecipient(draft.recipient, draft.addressee, t))
  } else if (isSendKey(event.nativeEvent)) {
    event.preventDefault()
    draft.send()
  } else if (event.key === 'Escape' && draft.quote && !event.nativeEvent.isComposing) {
    event.preventDefault()
    draft.removeQuote()
  } else if (event.key === 'ArrowUp' && draft.text === '') {
    if (draft.editLastFailed()) event.preventDefault()
  }
}

/**
 * Offers the next session when the session is at its round limit. If a question was refused because of the limit, that
 * question offers the next session in the timeline instead.
 */
function RoundLimit({ event_id, visibility }: { event_id: string; visibility: Visibility }): ReactNode {
  const t = useMessages()
  const chat = useChat(event_id)
  const isOfferedInTimeline = useOutbox(
    ({ items }) => findFirstRefusedAtRoundLimit(items, { event_id, visibility }) !== undefined,
  )
  if (!isAtRoundLimit(chat, visibility) || isOfferedInTimeline) return null
  return (
    <div className="limit" role="status">
      <p>{t.at_limit(chat.max_rounds)}</p>
      <NextSession event_id={event_id} visibility={visibility} />
    </div>
  )
}

interface ComposerHintsProps {
  user: User
  event_id: string
  draft: ReturnType<typeof useDraftMessage>
  replaceByCommand(command: string): void
}

/** Shows below the message box who receives the text, why it was not sent, and which keys or commands can be used. */
function ComposerHints({ user, event_id, draft, replaceByCommand }: ComposerHintsProps): ReactNode {
  const t = useMessages()
  const { text, refusal, addressee, recipient, quote, send } = draft
  // `Audience` shows a note about a text that looks like a command but is none. The note replaces the hint about keys.
  const hasCommandNote = addressee.to === 'room' && addressee.looksLikeCommand
  return (
    <div className="under">
      <span id="composer-hint">
        <Audience
          event_id={event_id}
          addressee={addressee}
          recipient={recipient}
          text={text}
          quotesChat={quotesChat(quote ?? undefined)}
        />
        {refusal !== undefined ? (
          <RefusalNote
            refusal={refusal}
            addressee={addressee}
            replaceByCommand={replaceByCommand}
            sendWithoutCommandCheck={() => send({ skipsCommandCheck: true })}
          />
        ) : (
          text !== '' && !hasCommandNote && <span className="quiet keys wide-only">{t.keys_hint}</span>
        )}
      </span>
      {text === '' && refusal === undefined && <CommandButtons user={user} event_id={event_id} />}
    </div>
  )
}

interface MessageBoxProps {
  /** Appears to the left of the message box. */
  children: ReactNode
  textarea: RefObject<HTMLTextAreaElement | null>
  text: string
  event_id: string
  isAiRecipient: boolean
  /** Says whether the send button is disabled, because of the quote's visibility or the event's TLP label. */
  isBlocked: boolean
  suggestions: ReturnType<typeof useSuggestions>
  write(text: string): void
  send(): void
  onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void
}

function MessageBox({
  children,
  textarea,
  text,
  event_id,
  isAiRecipient,
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
          ref={textarea}
          rows={1}
          value={text}
          placeholder={isAiRecipient ? t.placeholder_ai : t.placeholder}
          aria-label={t.composer}
          aria-describedby="composer-hint"
          aria-controls={suggestions.items.length > 0 ? 'suggestions' : undefined}
          onChange={({ target }) => {
            write(target.value)
            suggestions.updateCaret()
          }}
          onKeyDown={onKeyDown}
          onSelect={suggestions.updateCaret}
          onBlur={() => suggestions.close()}
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
        <Icon name={isAiRecipient ? 'sparkle' : 'send'} />
      </button>
    </div>
  )
}
