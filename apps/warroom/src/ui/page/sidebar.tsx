import { markDeceptive } from '@engineer-chat/markdown'
import { type Event, matchesEventFilter, type User } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadMoreEvents, useEvents } from '../../state/events/events.ts'
import { toEventHash } from '../../state/page/route.ts'
import { openDialog, updateView } from '../../state/page/view.ts'
import { EventFilters, EventMarks } from '../parts/event-fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { StatusDot } from '../parts/severity.tsx'
import { Account } from './account.tsx'

export function Sidebar({ user, currentEventId }: { user: User; currentEventId: string }): ReactNode {
  const t = useMessages()
  const [searchText, setSearchText] = useState('')
  return (
    <nav className="sidebar" aria-label={t.events}>
      <div className="brand">
        <img src="/favicon.svg" alt="" width="24" height="24" />
        <strong>{t.app_name}</strong>
        <IconButton icon="plus" label={t.new_event} onClick={() => openDialog({ kind: 'new_event' })} />
      </div>
      <label className="filter">
        <Icon name="search" />
        <input
          type="search"
          aria-label={t.filter_events}
          placeholder={t.filter_events}
          value={searchText}
          onChange={({ target }) => setSearchText(target.value)}
        />
      </label>
      <EventFilters />
      <EventList searchText={searchText} currentEventId={currentEventId} />
      <Account user={user} />
    </nav>
  )
}

function EventList({ searchText, currentEventId }: { searchText: string; currentEventId: string }): ReactNode {
  const t = useMessages()
  const { events, nextCursor, isLoaded, filter } = useEvents()
  const text = searchText.trim().toLowerCase()
  const shown = events.filter(
    (event) =>
      matchesEventFilter(event, filter) && `${event.event_name} ${event.event_id}`.toLowerCase().includes(text),
  )
  return (
    <ul className="events">
      {shown.map((event) => (
        <EventItem key={event.event_id} event={event} isCurrent={event.event_id === currentEventId} />
      ))}
      {isLoaded && shown.length === 0 && (
        <li className="quiet none">
          {events.length === 0 && text === '' && Object.values(filter).every((value) => value === undefined)
            ? t.no_events
            : t.no_match}
        </li>
      )}
      {nextCursor !== null && (
        <li>
          <button type="button" className="plain" onClick={() => void loadMoreEvents().catch(() => {})}>
            {t.more_events}
          </button>
        </li>
      )}
    </ul>
  )
}

function EventItem({ event, isCurrent }: { event: Event; isCurrent: boolean }): ReactNode {
  const t = useMessages()
  return (
    <li>
      <a
        className="event"
        href={toEventHash(event.event_id)}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => updateView({ isSidebarOpen: false })}
      >
        <span className="name">{markDeceptive(event.event_name)}</span>
        <span className="meta">
          <EventMarks event={event} />
          <span className="event-status">
            <StatusDot status={event.event_status} />
            {t.status[event.event_status]}
          </span>
          {event.access === 'restricted' && <Icon name="lock" label={t.restricted} />}
        </span>
      </a>
    </li>
  )
}
