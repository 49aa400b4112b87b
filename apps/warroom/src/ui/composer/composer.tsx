import type { User } from '@engineer-chat/protocol'
import { type KeyboardEvent, type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getVisibility, isAtLimit, useChat } from '../../state/asking/chat.ts'
import { useDraft } from '../../state/asking/drafts.ts'
import { useModels } from '../../state/asking/models.ts'
import { discard, submitMessage, useOutbox } from '../../state/asking/outbox.ts'
import { getRoom, showNewest } from '../../state/rooms/rooms.ts'
import { parseAddressee } from '../../text/addressee.ts'
import { Icon } from '../parts/icon.tsx'
import { NextSession } from '../timeline/next-session.tsx'
import { Audience } from './audience.tsx'
import { runCommand } from './commands.ts'
import { DictationBar, DictationButton } from './dictation.tsx'
import { isSendKey } from './keys.ts'
import { type Completion, Suggestions, useSuggestions } from './suggestions.tsx'

const MAX_CHARACTERS = 8_000
const TYPING_EVERY_MS = 3_000

export function Composer({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const box = useRef<HTMLTextAreaElement>(null)
  const chat = useChat(event_id)
  const { text, hint, addressed, write, send, editLastFailed } = useDraftMessage(user, event_id)
  const suggestions = useSuggestions(box, text, event_id)
  useGrowing(box, text)

  const complete = (completion: Completion) => {
    write(completion.text)
    requestAnimationFrame(() => box.current?.setSelectionRange(completion.caret, completion.caret))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const chosen = suggestions.take(event)
    if (chosen === 'handled') return event.preventDefault()
    if (chosen) {
      event.preventDefault()
      return complete(chosen)
    }
    if (isSendKey(event.nativeEvent)) {
      event.preventDefault()
      send()
    } else if (event.key === 'ArrowUp' && text === '' && editLastFailed()) event.preventDefault()
  }
  const asking = addressed.to === 'ai' || addressed.to === 'ai_without_question'
  return (
    <section className={asking ? 'composer asking' : 'composer'} aria-label={t.composer} id="composer">
      {asking && isAtLimit(chat) && (
        <div className="limit" role="status">
          <p>{t.at_limit(chat.max_rounds)}</p>
          <NextSession event_id={event_id} />
        </div>
      )}
      <DictationBar event_id={event_id} />
      <Suggestions suggestions={suggestions} choose={complete} />
      <MessageBox {...{ box, text, event_id, asking, suggestions, write, send, onKeyDown }} />
      <div className="under" id="composer-hint">
        <Audience event_id={event_id} addressed={addressed} text={text} />
        {hint !== '' ? (
          <span className="problem" role="alert">
            {hint}
          </span>
        ) : (
          <span className="quiet keys wide-only">{t.keys_hint}</span>
        )}
      </div>
    </section>
  )
}

/** Holds the text of the message box, and what is done with it: it is sent, run as a command, or refused with a hint. */
function useDraftMessage(user: User, event_id: string) {
  const t = useMessages()
  const [text, setText] = useDraft(user.user_id, event_id)
  const [hint, setHint] = useState('')
  const chat = useChat(event_id)
  const addressed = parseAddressee(text)
  const sendTyping = useTypingSignal(event_id)

  const write = (next: string) => {
    setText(next)
    setHint('')
    if (parseAddressee(next).to === 'room' && !mayBecomeQuestion(next)) sendTyping()
  }
  const send = () => {
    const trimmed = text.trim()
    if (trimmed === '') return
    if (runCommand(trimmed, { user, event_id })) return write('')
    if (addressed.to === 'ai_without_question') return setHint(t.question_missing)
    if (trimmed.length > MAX_CHARACTERS) return setHint(t.too_long(trimmed.length, MAX_CHARACTERS))
    const to = addressed.to === 'ai' ? 'ai' : 'room'
    const visibility = to === 'ai' ? getVisibility(chat) : 'room'
    const model = to === 'ai' ? useModels.getState().chosen : undefined
    submitMessage({ event_id, to, text: trimmed, visibility, model, since_seq: getRoom(event_id).state.last_seq ?? 0 })
    showNewest(event_id) // The new message stands there.
    write('')
  }
  const editLastFailed = () => {
    const last = useOutbox.getState().items.findLast((one) => one.event_id === event_id && one.state === 'failed')
    if (!last) return false
    write(last.text)
    discard(last.client_message_id)
    return true
  }
  return { text, hint, addressed, write, send, editLastFailed }
}

interface MessageBoxProps {
  box: RefObject<HTMLTextAreaElement | null>
  text: string
  event_id: string
  asking: boolean
  suggestions: ReturnType<typeof useSuggestions>
  write(text: string): void
  send(): void
  onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void
}

function MessageBox({ box, text, event_id, asking, suggestions, write, send, onKeyDown }: MessageBoxProps): ReactNode {
  const t = useMessages()
  return (
    <div className="box">
      <textarea
        ref={box}
        rows={1}
        value={text}
        placeholder={t.placeholder}
        aria-label={t.composer}
        aria-describedby="composer-hint"
        aria-controls={suggestions.items.length > 0 ? 'suggestions' : undefined}
        onChange={({ target }) => {
          write(target.value)
          suggestions.look()
        }}
        onKeyDown={onKeyDown}
        onSelect={suggestions.look}
        onBlur={suggestions.close}
      />
      <DictationButton event_id={event_id} />
      <button
        type="button"
        className="primary send"
        disabled={text.trim() === ''}
        onClick={send}
        aria-label={t.send}
        title={t.send}
      >
        <Icon name={asking ? 'sparkle' : 'send'} />
      </button>
    </div>
  )
}

/** True if the text may become a question or a command, whose typing the room isn't told of. */
const mayBecomeQuestion = (text: string): boolean => /^\s*(\/|@a?$)/i.test(text)

/** Makes the box as high as its text; the style sheet limits the height. */
function useGrowing(box: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    element.style.height = 'auto'
    if (text !== '') element.style.height = `${element.scrollHeight}px`
  }, [box, text])
}

function useTypingSignal(event_id: string): () => void {
  const sentAt = useRef(0)
  return () => {
    if (Date.now() - sentAt.current < TYPING_EVERY_MS) return
    sentAt.current = Date.now()
    getRoom(event_id).typing()
  }
}
