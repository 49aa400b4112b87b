import { isEventChange, type Message, type User } from '@engineer-chat/protocol'
import { type ReactNode, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { isShownBy, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { isOwn } from '../../state/rooms/timeline-rows.ts'
import { Icon } from '../parts/icon.tsx'
import { FilterBar } from './filter-bar.tsx'
import { RowView } from './row.tsx'
import { Typing } from './typing.tsx'
import { useAnnouncedUnread } from './use-announced-unread.ts'
import { useFilterPlace } from './use-filter-place.ts'
import { useJump } from './use-jump.ts'
import { useMessageKeys } from './use-message-keys.ts'
import { useRows } from './use-rows.ts'
import { useScrollPosition } from './use-scroll-position.ts'
import { useUnreadLine } from './use-unread-line.ts'

interface Props {
  user: User
  event_id: string
  message_id: string
  visit: number
}

export function Timeline({ user, event_id, message_id, visit }: Props): ReactNode {
  const t = useMessages()
  const line = useUnreadLine(user.user_id, event_id)
  const { rows, hidden } = useRows(user.user_id, event_id, line)
  const people = usePeople(event_id)
  const isLoaded = useRoom(event_id, (room) => room.lastSeq !== null)
  const isPast = useRoom(event_id, (room) => room.history !== null)
  const list = useRef<VListHandle>(null)
  const box = useRef<HTMLDivElement>(null)
  const hasTarget = message_id !== ''
  const place = useScrollPosition({
    list,
    box,
    rows,
    user_id: user.user_id,
    event_id,
    hasTarget,
    isPast,
    returnCount: line.returnCount,
    hidesUnread: hidden.unread > 0,
  })
  useFilterPlace({ box, rows, event_id, place: place.place, goTo: place.goTo })
  const markedKey = useJump({ rows, event_id, message_id, visit, isLoaded, goTo: place.goTo })
  useMessageKeys(box)
  useAnnouncedUnread(rows, line.returnCount)
  return (
    <>
      <FilterBar event_id={event_id} hidden={hidden} />
      <div className="timeline" ref={box} aria-busy={!isLoaded}>
        {!isLoaded && <Skeleton />}
        <VList
          key={place.generation}
          ref={list}
          className="rows"
          role="log"
          aria-live="off"
          aria-label={t.timeline}
          tabIndex={0}
          shift={place.shift}
          onScroll={place.onScroll}
          onResize={place.settle}
          data={rows}
        >
          {(row) => (
            <div key={row.key} data-row={row.key}>
              <RowView row={row} user={user} people={people} event_id={event_id} isMarked={row.key === markedKey} />
            </div>
          )}
        </VList>
        <Typing event_id={event_id} user_id={user.user_id} />
        {place.isAway && (
          <BackToNewest
            event_id={event_id}
            user_id={user.user_id}
            seenPosition={place.seenPosition}
            isPast={isPast}
            hasStopped={place.hasStopped}
            onClick={place.scrollToBottom}
          />
        )}
      </div>
    </>
  )
}

interface BackToNewestProps {
  event_id: string
  user_id: string
  /** Holds the newest position that the reader has seen at the bottom. */
  seenPosition: number | null
  isPast: boolean
  /** Is true if the list no longer follows the answer at the end. */
  hasStopped: boolean
  onClick(): void
}

/** Scrolls to the newest message, and shows how many new ones there are. */
function BackToNewest({ event_id, user_id, seenPosition, isPast, hasStopped, onClick }: BackToNewestProps): ReactNode {
  const t = useMessages()
  const allMessages = useRoom(event_id, (room) => room.messages)
  const filter = useRoomFilter(event_id)
  const messages = allMessages.filter((message) => isShownBy(filter, message))
  const [newestAtFirst] = useState(() => messages.at(-1)?.position ?? 0)
  const newCount = countAfter(messages, seenPosition ?? newestAtFirst, user_id)
  const isAnswerBelow = hasStopped && newCount === 0 && !isPast
  const isBare = newCount === 0 && !isPast && !isAnswerBelow
  return (
    <button
      type="button"
      className={isBare ? 'new-pill bare' : 'new-pill'}
      aria-label={isBare ? t.to_bottom : undefined}
      title={t.to_bottom}
      onClick={onClick}
    >
      <Icon name="arrow_down" /> {isPast && t.back_to_now}
      {isPast && newCount > 0 && ' · '}
      {newCount > 0 && t.new_messages(newCount)}
      {isAnswerBelow && t.answer_end}
    </button>
  )
}

function countAfter(messages: readonly Message[], position: number, user_id: string): number {
  let count = 0
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (!message || message.position <= position) break
    if (!isOwn(message, user_id) && !isEventChange(message)) count += 1
  }
  return count
}

const Skeleton = (): ReactNode => (
  <div className="skeleton" aria-hidden="true">
    {[60, 85, 40, 70].map((width) => (
      <span key={width} className={`w${width}`} />
    ))}
  </div>
)
