import { isEventChange, type Message, type User } from '@engineer-chat/protocol'
import { type ReactElement, type ReactNode, type RefObject, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import { useMessages } from '../../i18n/index.ts'
import { usePeople } from '../../state/events/people.ts'
import { matchesFilter, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { isOwn, type TimelineRow } from '../../state/rooms/timeline-rows.ts'
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
  navigationCount: number
}

export function Timeline({ user, event_id, message_id, navigationCount }: Props): ReactNode {
  const unreadLine = useUnreadLine(user.user_id, event_id)
  const { rows, hiddenCounts } = useRows(user.user_id, event_id, unreadLine)
  const people = usePeople(event_id)
  const isLoaded = useRoom(event_id, (room) => room.lastSeq !== null)
  const showsHistory = useRoom(event_id, (room) => room.olderRange !== null)
  const list = useRef<VListHandle>(null)
  const container = useRef<HTMLDivElement>(null)
  const hasTarget = message_id !== ''
  const scroll = useScrollPosition({
    list,
    container,
    rows,
    user_id: user.user_id,
    event_id,
    hasTarget,
    showsHistory,
    placementCount: unreadLine.placementCount,
    hidesUnread: hiddenCounts.unread > 0,
  })
  useFilterPlace({ container, rows, event_id, readingPlace: scroll.readingPlace, goTo: scroll.goTo })
  const jumpTargetKey = useJump({ rows, event_id, message_id, navigationCount, isLoaded, goTo: scroll.goTo })
  useMessageKeys(container)
  useAnnouncedUnread(rows, unreadLine.placementCount)
  return (
    <>
      <FilterBar event_id={event_id} hiddenCounts={hiddenCounts} />
      <div className="timeline" ref={container} aria-busy={!isLoaded}>
        {!isLoaded && <TimelineSkeleton />}
        <RowList key={scroll.generation} list={list} scroll={scroll} rows={rows}>
          {(row) => (
            <div key={row.key} data-row={row.key}>
              <RowView
                row={row}
                user={user}
                people={people}
                event_id={event_id}
                isJumpTarget={row.key === jumpTargetKey}
              />
            </div>
          )}
        </RowList>
        <Typing event_id={event_id} user_id={user.user_id} />
        {scroll.hasLeftEnd && (
          <NewestButton
            event_id={event_id}
            user_id={user.user_id}
            newestPositionAtEnd={scroll.newestPositionAtEnd}
            showsHistory={showsHistory}
            hasStoppedFollowing={scroll.hasStoppedFollowing}
            onClick={scroll.scrollToEnd}
          />
        )}
      </div>
    </>
  )
}

interface RowListProps {
  list: RefObject<VListHandle | null>
  scroll: ReturnType<typeof useScrollPosition>
  rows: TimelineRow[]
  children(row: TimelineRow): ReactElement
}

/** Draws only the rows that are in view, and some around them. */
function RowList({ list, scroll, rows, children }: RowListProps): ReactNode {
  const t = useMessages()
  return (
    <VList
      ref={list}
      className="rows"
      role="log"
      aria-live="off"
      aria-label={t.timeline}
      tabIndex={0}
      shift={scroll.areRowsPrepended}
      onScroll={scroll.onScroll}
      onResize={scroll.restorePlace}
      data={rows}
    >
      {children}
    </VList>
  )
}

interface NewestButtonProps {
  event_id: string
  user_id: string
  /** Holds the position of the newest message when the reader was last at the end. */
  newestPositionAtEnd: number | null
  showsHistory: boolean
  /** Says whether the list has stopped following the last answer, of which the reader still sees a part. */
  hasStoppedFollowing: boolean
  onClick(): void
}

/** Scrolls to the newest message, and shows the number of new messages. */
function NewestButton({
  event_id,
  user_id,
  newestPositionAtEnd,
  showsHistory,
  hasStoppedFollowing,
  onClick,
}: NewestButtonProps): ReactNode {
  const t = useMessages()
  const allMessages = useRoom(event_id, (room) => room.messages)
  const filter = useRoomFilter(event_id)
  const messages = allMessages.filter((message) => matchesFilter(filter, message))
  const [newestPositionAtMount] = useState(() => messages.at(-1)?.position ?? 0)
  const newCount = countAfter(messages, newestPositionAtEnd ?? newestPositionAtMount, user_id)
  const leadsToAnswerEnd = hasStoppedFollowing && newCount === 0 && !showsHistory
  const hasNoText = newCount === 0 && !showsHistory && !leadsToAnswerEnd
  return (
    <button
      type="button"
      className={hasNoText ? 'new-pill bare' : 'new-pill'}
      aria-label={hasNoText ? t.to_bottom : undefined}
      title={t.to_bottom}
      onClick={onClick}
    >
      <Icon name="arrow_down" /> {showsHistory && t.back_to_now}
      {showsHistory && newCount > 0 && ' · '}
      {newCount > 0 && t.new_messages(newCount)}
      {leadsToAnswerEnd && t.answer_end}
    </button>
  )
}

/** Counts the messages of others after a position, without changes of the event. */
function countAfter(messages: readonly Message[], position: number, user_id: string): number {
  let count = 0
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const message = messages[index]
    if (!message || message.position <= position) break
    if (!isOwn(message, user_id) && !isEventChange(message)) count += 1
  }
  return count
}

/** `timeline.css` has a class for each of these widths. */
const SKELETON_WIDTHS_PERCENT = [60, 85, 40, 70]

const TimelineSkeleton = (): ReactNode => (
  <div className="skeleton" aria-hidden="true">
    {SKELETON_WIDTHS_PERCENT.map((width) => (
      <span key={width} className={`w${width}`} />
    ))}
  </div>
)
