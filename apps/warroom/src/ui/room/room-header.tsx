import { markDeceptive } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { change, useSettings } from '../../state/page/settings.ts'
import { show, useView } from '../../state/page/view.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { closeSearch, openSearch } from '../page/search-focus.ts'
import { Avatar } from '../parts/avatar.tsx'
import { EventMarks } from '../parts/event-fields.tsx'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { StatusDot } from '../parts/severity.tsx'

/** `chosen` puts the focus into the room, because somebody has just gone there. */
export function RoomHeader({ event_id, chosen }: { event_id: string; chosen: boolean }): ReactNode {
  const t = useMessages()
  const event = useRoom(event_id, (room) => room.event)
  const { details, search } = useView()
  const clock = useSettings((settings) => settings.clock)
  return (
    <header className="room-header">
      <span className="narrow-only">
        <IconButton icon="menu" label={t.events} act={() => show({ sidebar: true })} />
      </span>
      <div className="title">
        <h1 ref={chosen ? focusElement : undefined} tabIndex={-1}>
          {event ? markDeceptive(event.event_name) : event_id}
        </h1>
        {event && (
          <p className="meta">
            <EventMarks event={event} long />
            <span className="event-status" title={t.status[event.event_status]}>
              <StatusDot status={event.event_status} />
              {t.status[event.event_status]}
            </span>
            <span className="id wide-only">{event.event_id}</span>
            {event.access === 'restricted' && <Icon name="lock" label={t.restricted} />}
          </p>
        )}
      </div>
      <Present event_id={event_id} />
      <button
        type="button"
        className="plain clock"
        title={t.switch_clock}
        aria-label={`${t.switch_clock}: ${clock === 'utc' ? 'UTC' : t.local_time}`}
        onClick={() => change({ clock: clock === 'utc' ? 'local' : 'utc' })}
      >
        <Icon name="clock" /> <span>{clock === 'utc' ? 'UTC' : t.local_time}</span>
      </button>
      <IconButton icon="search" label={t.search} act={search ? closeSearch : openSearch} aria-pressed={search} />
      <span className="wide-only">
        <IconButton icon="command" label={t.palette} act={() => show({ palette: true })} />
      </span>
      <IconButton icon="info" label={t.details} act={() => show({ details: !details })} aria-pressed={details} />
    </header>
  )
}

const SHOWN = 4

function Present({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const users = useRoom(event_id, (room) => room.users)
  const people = usePeople(event_id)
  const names = users.map((user_id) => findName(people, user_id)).sort()
  if (names.length === 0) return null
  return (
    <div
      className="present wide-only"
      role="img"
      aria-label={t.present(names.join(', '))}
      title={t.present(names.join(', '))}
    >
      {names.slice(0, SHOWN).map((name) => (
        <Avatar key={name} kind="person" name={name} />
      ))}
      {names.length > SHOWN && <span className="more">+{names.length - SHOWN}</span>}
    </div>
  )
}
