import { type ReactNode, useEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { HiddenCounts } from '../../state/rooms/hidden-messages.ts'
import { ROOM_FILTERS, type RoomFilter, setRoomFilter, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { showNewest } from '../../state/rooms/rooms.ts'
import { announce } from '../parts/announcer.tsx'

/** Chooses the filter of the room, by mouse or with the arrow keys, and shows the number of hidden messages. */
export function FilterBar({ event_id, hidden }: { event_id: string; hidden: HiddenCounts }): ReactNode {
  const t = useMessages()
  const chosen = useRoomFilter(event_id)
  useAnnouncedCount(chosen, hidden.total)
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
              checked={filter === chosen}
              onChange={() => choose(filter)}
            />
            {t.room_filter[filter]}
          </label>
        ))}
      </div>
      <p className="hidden-count" title={t.hidden_title}>
        {hidden.total > 0 && t.hidden_messages(hidden.total)}
        {hidden.unread > 0 && <strong>{t.new_messages(hidden.unread)}</strong>}
      </p>
    </div>
  )
}

/** Announces the number of hidden messages once after a filter is chosen, and not again for each later message. */
function useAnnouncedCount(chosen: RoomFilter, count: number): void {
  const t = useMessages()
  const announcedFilter = useRef(chosen)
  useEffect(() => {
    if (announcedFilter.current === chosen) return
    announcedFilter.current = chosen
    if (count > 0) announce(t.hidden_messages(count))
  }, [chosen, count, t])
}
