import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useMemo, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadMoreEvents, useEvents } from '../../state/events/events.ts'
import { filterList, isFiltering } from '../../state/events/list-filter.ts'
import type { ListItem } from '../../state/events/urgency.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { useView } from '../../state/page/view.ts'
import { hasWrittenInRoom } from '../../state/rooms/sent.ts'
import { Icon } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { EventItem } from './event-item.tsx'
import { useEventGroups } from './use-event-groups.ts'

interface Props {
  user: User
  searchText: string
  currentEventId: string
}

export function EventList({ user, searchText, currentEventId }: Props): ReactNode {
  const t = useMessages()
  const { events, nextCursor, isLoaded, filter, isMineOnly } = useEvents()
  const isSidebarOpen = useView((view) => view.isSidebarOpen)
  const listFilter = useMemo(() => ({ text: searchText, fields: filter, isMineOnly }), [searchText, filter, isMineOnly])
  const items = useMemo(
    () =>
      filterList(events, listFilter, {
        user_id: user.user_id,
        hasWrittenInRoom: (event_id) => hasWrittenInRoom(user.user_id, event_id),
      }),
    [events, listFilter, user.user_id],
  )
  // Only narrow screens have a sidebar that opens. A reader who has opened it is about to touch an event,
  // so no event moves then.
  const { active, closed, handlers } = useEventGroups(items, isSidebarOpen)
  const loadMore = () => {
    loadMoreEvents().catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
  }
  const renderItem = (event: ListItem) => (
    <EventItem key={event.event_id} event={event} isCurrent={event.event_id === currentEventId} />
  )
  return (
    <div className="events" aria-busy={!isLoaded || undefined} {...handlers}>
      {!isLoaded && events.length === 0 && <Skeleton rows={6} />}
      <ul aria-label={t.active_events}>{active.map(renderItem)}</ul>
      {isLoaded && items.length === 0 && (
        <p className="quiet none">{events.length === 0 && !isFiltering(listFilter) ? t.no_events : t.no_match}</p>
      )}
      {closed.length > 0 && (
        <ClosedEvents count={closed.length} isAlwaysOpen={isFiltering(listFilter)}>
          {closed.map(renderItem)}
        </ClosedEvents>
      )}
      {nextCursor !== null && (
        <button type="button" className="plain" onClick={loadMore}>
          {t.more_events}
        </button>
      )}
    </div>
  )
}

/** Shows the closed events when the reader opens them. While a filter is set, they are always shown. */
function ClosedEvents(props: { count: number; isAlwaysOpen: boolean; children: ReactNode }): ReactNode {
  const { count, isAlwaysOpen, children } = props
  const t = useMessages()
  const [isOpenedByReader, setIsOpenedByReader] = useState(false)
  const isOpen = isOpenedByReader || isAlwaysOpen
  return (
    <section className="closed-events">
      <button
        type="button"
        className="plain"
        aria-expanded={isOpen}
        disabled={isAlwaysOpen}
        onClick={() => setIsOpenedByReader(!isOpenedByReader)}
      >
        <Icon name="chevron" /> {t.closed_events(count)}
      </button>
      {isOpen && <ul aria-label={t.closed_events(count)}>{children}</ul>}
    </section>
  )
}
