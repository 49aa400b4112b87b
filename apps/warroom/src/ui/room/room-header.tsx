import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useMemo } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { countAttention } from '../../state/attention/count.ts'
import { useEvents } from '../../state/events/events.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { updateSettings, useSettings } from '../../state/page/settings.ts'
import { updateView, useView } from '../../state/page/view.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { EventControls } from '../event-controls/event-controls.tsx'
import { EventTitle } from '../event-controls/event-title.tsx'
import { Counts } from '../events/counts.tsx'
import { closeSearch, openSearch } from '../page/search-focus.ts'
import { Avatar } from '../parts/avatar.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** Shows the event's name and state. `takesFocus` focuses the name after a navigation to the room. */
export function RoomHeader(props: { event_id: string; user: User; takesFocus: boolean }): ReactNode {
  const { event_id, user, takesFocus } = props
  const t = useMessages()
  const event = useRoom(event_id, (room) => room.event)
  const { isDetailsOpen, isSearchOpen } = useView()
  const clock = useSettings((settings) => settings.clock)
  return (
    <header className="room-header">
      <EventListButton />
      <div className="title">
        {event ? <EventTitle event={event} user={user} takesFocus={takesFocus} /> : <h1 tabIndex={-1}>{event_id}</h1>}
        {event && <EventControls event={event} user={user} />}
      </div>
      <PresentUsers event_id={event_id} />
      <button
        type="button"
        className="plain clock"
        title={t.switch_clock}
        aria-label={`${t.switch_clock}: ${clock === 'utc' ? 'UTC' : t.local_time}`}
        onClick={() => updateSettings({ clock: clock === 'utc' ? 'local' : 'utc' })}
      >
        <Icon name="clock" /> <span>{clock === 'utc' ? 'UTC' : t.local_time}</span>
      </button>
      <IconButton
        icon="search"
        label={t.search}
        onClick={isSearchOpen ? closeSearch : openSearch}
        aria-pressed={isSearchOpen}
      />
      <span className="wide-only">
        <IconButton icon="command" label={t.palette} onClick={() => updateView({ isPaletteOpen: true })} />
      </span>
      <IconButton
        icon="info"
        label={t.details}
        onClick={() => updateView({ isDetailsOpen: !isDetailsOpen })}
        aria-pressed={isDetailsOpen}
      />
    </header>
  )
}

/** Opens the list of events, which narrow screens hide. Shows the unread counts, because a phone shows no tab title. */
function EventListButton(): ReactNode {
  const t = useMessages()
  const events = useEvents((state) => state.events)
  const { unread, mentions } = useMemo(() => countAttention(events), [events])
  return (
    <span className="narrow-only list-button">
      <IconButton icon="menu" label={t.events} onClick={() => updateView({ isSidebarOpen: true })} />
      <Counts unread={mentions > 0 ? 0 : unread} mentions={mentions} />
    </span>
  )
}

const MAX_AVATARS = 4

function PresentUsers({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const presentUserIds = useRoom(event_id, (room) => room.presentUserIds)
  const people = usePeople(event_id)
  const names = presentUserIds.map((user_id) => findName(people, user_id)).sort()
  if (names.length === 0) return null
  return (
    <div
      className="present wide-only"
      role="img"
      aria-label={t.present(names.join(', '))}
      title={t.present(names.join(', '))}
    >
      {names.slice(0, MAX_AVATARS).map((name) => (
        <Avatar key={name} kind="person" name={name} />
      ))}
      {names.length > MAX_AVATARS && <span className="more">+{names.length - MAX_AVATARS}</span>}
    </div>
  )
}
