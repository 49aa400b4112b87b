import { isThinking } from '@engineer-chat/client'
import type { Message } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { toSenderKind } from '../message/sender.ts'
import { useExpanded } from '../message/use-expanded.ts'
import { foldAndScroll, unfoldIfScrolled } from './fold-and-scroll.ts'
import { useHiddenLines } from './use-hidden-lines.ts'

interface Props {
  message: Message
  isInProgress: boolean
  /** Says whether a link, a pin, a citation or the search has led to this message. */
  isJumpTarget: boolean
  children: ReactNode
}

/**
 * Folds a long answer unless it was the newest one when it was first rendered. An answer never folds later by itself,
 * because that would hide a text that somebody is reading.
 */
export function FoldedAnswer({ message, isInProgress, isJumpTarget, children }: Props): ReactNode {
  const t = useMessages()
  const [wasNewest] = useState(() => isInProgress || isNewestAnswer(message))
  const [isExpanded, setExpanded] = useExpanded(`answer ${message.message_id}`, wasNewest)
  const isFolded = !isExpanded && !isJumpTarget
  const { box, hiddenLines, totalLines } = useHiddenLines(isFolded, !isInProgress && !wasNewest)
  useEffect(() => {
    // The answer stays open when the highlight disappears or the row is mounted again.
    if (isJumpTarget || wasNewest) setExpanded(true)
  }, [isJumpTarget, wasNewest])
  const canFold = !isInProgress && !wasNewest && isExpanded && totalLines > FOLDED_HEIGHT_LINES
  return (
    <>
      <div
        ref={box}
        className={['prose', isInProgress && 'streaming', isFolded && 'folded answer', hiddenLines > 0 && 'cut']
          .filter(Boolean)
          .join(' ')}
        onScroll={({ currentTarget }) => {
          if (isFolded) unfoldIfScrolled(currentTarget, () => setExpanded(true))
        }}
      >
        {children}
      </div>
      {(hiddenLines > 0 || canFold) && (
        <button
          type="button"
          className="plain fold"
          aria-expanded={!isFolded}
          onClick={({ currentTarget }) =>
            isFolded ? setExpanded(true) : foldAndScroll(currentTarget, () => setExpanded(false))
          }
        >
          {isFolded ? t.show_rest(hiddenLines) : t.show_less}
        </button>
      )}
    </>
  )
}

/** A folded answer shows about this number of lines: `folded-answer.css` sets its height. */
const FOLDED_HEIGHT_LINES = 14

const isNewestAnswer = ({ event_id, message_id }: Message): boolean =>
  getRoom(event_id).state.messages.findLast((message) => isThinking(message) || toSenderKind(message) === 'ai')
    ?.message_id === message_id
