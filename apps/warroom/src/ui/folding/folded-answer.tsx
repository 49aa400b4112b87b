import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { toSenderKind } from '../message/sender.ts'
import { useExpanded } from '../message/use-expanded.ts'
import { foldInView, unfoldScrolled } from './keep-in-view.ts'
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
  const canFold = !isInProgress && !wasNewest && isExpanded && totalLines > MIN_FOLDED_LINES
  return (
    <>
      <div
        ref={box}
        className={['prose', isInProgress && 'streaming', isFolded && 'folded answer', hiddenLines > 0 && 'cut']
          .filter(Boolean)
          .join(' ')}
        onScroll={({ currentTarget }) => isFolded && unfoldScrolled(currentTarget, () => setExpanded(true))}
      >
        {children}
      </div>
      {(hiddenLines > 0 || canFold) && (
        <button
          type="button"
          className="plain fold"
          aria-expanded={!isFolded}
          onClick={({ currentTarget }) =>
            isFolded ? setExpanded(true) : foldInView(currentTarget, () => setExpanded(false))
          }
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
