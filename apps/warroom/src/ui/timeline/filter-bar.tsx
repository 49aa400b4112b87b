import { type ReactNode, useEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { HiddenCounts } from '../../state/rooms/hidden-messages.ts'
import { ROOM_FILTERS, type RoomFilter, setRoomFilter, useRoomFilter } from '../../state/rooms/room-filter.ts'
import { showNewest } from '../../state/rooms/rooms.ts'
import { announce } from '../parts/announcer.tsx'

/** Chooses whose messages are shown, by mouse and by the arrow keys, and says how many are hidden. */
export function FilterBar({ event_id, hidden }: { event_id: string; hidden: HiddenCounts }): ReactNode {
  const t = useMessages()
  const chosen = useRoomFilter(event_id)
  useAnnouncedCount(chosen, hidden.total)
  const choose = (filter: RoomFilter) => {
    if (filter === 'pinned') showNewest(event_id) // The pins are not those of a range of the past.
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

/** Tells screen readers once how many messages a filter hides. What comes later would be told again and again. */
function useAnnouncedCount(chosen: RoomFilter, count: number): void {
  const t = useMessages()
  const announced = useRef(chosen)
  useEffect(() => {
    if (announced.current === chosen) return
    announced.current = chosen
    if (count > 0) announce(t.hidden_messages(count))
  }, [chosen, count, t])
}
