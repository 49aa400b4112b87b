import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, type UIEvent, useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { useMessages } from '../../i18n/index.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { toSenderKind } from '../message/sender.ts'
import { useExpanded } from '../message/use-expanded.ts'
import { useHiddenLines } from './use-hidden-lines.ts'

interface Props {
  message: Message
  isInProgress: boolean
  /** Is true when a link, a pin, a citation or the search has led to this message. */
  isMarked: boolean
  children: ReactNode
}

/**
 * Folds a long answer that is earlier than the newest one. Whether it is, is decided when it is first drawn, because
 * an answer that folds later would take away what somebody reads.
 */
export function FoldedAnswer({ message, isInProgress, isMarked, children }: Props): ReactNode {
  const t = useMessages()
  const [wasNewest] = useState(() => isInProgress || isNewestAnswer(message))
  const [isExpanded, setExpanded] = useExpanded(`answer ${message.message_id}`, wasNewest)
  const isFolded = !isExpanded && !isMarked
  const { box, hiddenLines, totalLines } = useHiddenLines(isFolded, !isInProgress && !wasNewest)
  useEffect(() => {
    if (isMarked || wasNewest) setExpanded(true) // It stays open when it is no longer marked, or is drawn anew.
  }, [isMarked, wasNewest])
  const unfoldScrolled = ({ currentTarget }: UIEvent<HTMLElement>) => {
    if (!isFolded || currentTarget.scrollTop === 0) return
    currentTarget.scrollTop = 0
    setExpanded(true) // The browser's search or the focus has gone to what was hidden.
  }
  const fold = (button: HTMLElement) => {
    const article = button.closest('article')
    flushSync(() => setExpanded(false))
    if (article && isAboveView(article)) article.scrollIntoView({ block: 'start' })
  }
  const canFold = !isInProgress && !wasNewest && isExpanded && totalLines > MIN_FOLDED_LINES
  return (
    <>
      <div
        ref={box}
        className={['prose', isInProgress && 'streaming', isFolded && 'folded answer', hiddenLines > 0 && 'cut']
          .filter(Boolean)
          .join(' ')}
        onScroll={unfoldScrolled}
      >
        {children}
      </div>
      {(hiddenLines > 0 || canFold) && (
        <button
          type="button"
          className="plain fold"
          aria-expanded={!isFolded}
          onClick={({ currentTarget }) => (isFolded ? setExpanded(true) : fold(currentTarget))}
        >
          {isFolded ? t.show_rest(hiddenLines) : t.show_less}
        </button>
      )}
    </>
  )
}

/** Is about the height of a folded answer in lines. */
const MIN_FOLDED_LINES = 14

const isNewestAnswer = ({ event_id, message_id }: Message): boolean =>
  getRoom(event_id).state.messages.findLast((one) => isThinking(one) || toSenderKind(one) === 'ai')?.message_id ===
  message_id

const isAboveView = (article: Element): boolean => {
  const top = article.closest('.rows')?.getBoundingClientRect().top ?? 0
  return article.getBoundingClientRect().top < top
}
