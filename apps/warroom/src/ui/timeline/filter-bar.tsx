import { type ReactNode, useEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { HiddenCounts } from '../../state/rooms/hidden-messages.ts'
import { ROOM_FILTERS, type RoomFilter, setRoomFilter, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { showNewest } from '../../state/rooms/rooms.ts'
import { announce } from '../parts/announcer.tsx'

/** Lets the reader choose the filter of the room, and shows how many messages the filter hides. */
export function FilterBar(props: { event_id: string; hiddenCounts: HiddenCounts }): ReactNode {
  const { event_id, hiddenCounts } = props
  const t = useMessages()
  const chosenFilter = useRoomFilter(event_id)
  useAnnouncedCount(chosenFilter, hiddenCounts.total)
  const choose = (filter: RoomFilter) => {
    // This filter shows the pins of the whole room, so the list does not stay in a range of older messages.
    if (filter === 'pinned') showNewest(event_id)
    setRoomFilter(event_id, filter)
  }
  return (
    <div className="filter-bar">
      <div className="filter-choice" role="radiogroup" aria-label={t.room_filter_label}>
        {ROOM_FILTERS.map((filter) => (
          <label key={filter}>
            <input
              type="radio"
              name="room-filter"
              value={filter}
              checked={filter === chosenFilter}
              onChange={() => choose(filter)}
            />
            {t.room_filter[filter]}
          </label>
        ))}
      </div>
      <p className="hidden-count" title={t.hidden_title}>
        {hiddenCounts.total > 0 && t.hidden_messages(hiddenCounts.total)}
        {hiddenCounts.unread > 0 && <strong>{t.new_messages(hiddenCounts.unread)}</strong>}
      </p>
    </div>
  )
}

/** Announces the number of hidden messages once after a filter is chosen, and not again for each later message. */
function useAnnouncedCount(chosenFilter: RoomFilter, hiddenCount: number): void {
  const t = useMessages()
  const announcedFilter = useRef(chosenFilter)
  useEffect(() => {
    if (announcedFilter.current === chosenFilter) return
    announcedFilter.current = chosenFilter
    if (hiddenCount > 0) announce(t.hidden_messages(hiddenCount))
  }, [chosenFilter, hiddenCount, t])
}
