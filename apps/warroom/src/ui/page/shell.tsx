import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { delivery } from '../../state/asking/delivery.ts'
import { openOutbox } from '../../state/asking/outbox.ts'
import { loadEvents, useEvents } from '../../state/events/events.ts'
import { followInbox } from '../../state/events/inbox.ts'
import { watchForNotices } from '../../state/notifications/watch.ts'
import { useRoute } from '../../state/page/route.ts'
import { updateView, useView } from '../../state/page/view.ts'
import { focusMessageBox } from '../parts/focus.ts'
import { LazyPart } from '../parts/lazy-part.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Room } from '../room/room.tsx'
import { Palette } from './palette.tsx'
import { Sidebar } from './sidebar.tsx'
import { useFileRefusal } from './use-file-refusal.ts'
import { useLastRoom } from './use-last-room.ts'
import { useMarkedAsWatched } from './use-marked-as-watched.ts'
import { usePageKeys } from './use-page-keys.ts'
import { useUnreadCountsInTab } from './use-unread-counts-in-tab.ts'

const AdminPages = lazy(() => import('../admin/admin.tsx'))
const Documents = lazy(() => import('../documents/documents.tsx'))

export function Shell({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const { page, event_id, message_id, document_id, anchor, newDocumentEventId, navigationCount } = useRoute()
  const { isSidebarOpen, isPaletteOpen } = useView()
  usePageKeys()
  useFileRefusal()
  useUnreadCountsInTab()
  useEffect(() => {
    openOutbox(user.user_id, delivery)
    // After a failure, the list is shown as loaded and empty until `followInbox` has loaded it.
    void loadEvents().catch(() => useEvents.setState({ isLoaded: true }))
    return followInbox()
  }, [user.user_id])
  useEffect(() => watchForNotices(user.user_id), [user.user_id])
  useMarkedAsWatched(event_id)
  useLastRoom(user.user_id, page, event_id)
  return (
    <div className={isSidebarOpen ? 'shell with-sidebar' : 'shell'}>
      <button type="button" className="skip" onClick={() => focusMessageBox()}>
        {t.skip_to_composer}
      </button>
      <Sidebar user={user} currentEventId={event_id} />
      {isSidebarOpen && (
        <button
          type="button"
          className="backdrop"
          aria-label={t.close}
          onClick={() => updateView({ isSidebarOpen: false })}
        />
      )}
      {page === 'event' && (
        <Room
          key={event_id}
          user={user}
          event_id={event_id}
          message_id={message_id}
          navigationCount={navigationCount}
        />
      )}
      {page === 'events' && <EventChoicePrompt />}
      {page !== 'event' && page !== 'events' && (
        <LazyPart fallback={<LoadingPage />}>
          {page === 'documents' ? (
            <Documents
              document_id={document_id}
              anchor={anchor}
              newDocumentEventId={newDocumentEventId}
              navigationCount={navigationCount}
            />
          ) : (
            <AdminPages page={page} />
          )}
        </LazyPart>
      )}
      {isPaletteOpen && <Palette user={user} event_id={event_id} />}
    </div>
  )
}

const LoadingPage = (): ReactNode => (
  <main className="admin-loading" aria-busy="true">
    <Skeleton rows={8} />
  </main>
)

function EventChoicePrompt(): ReactNode {
  const t = useMessages()
  return (
    <main className="center">
      <div className="empty">
        <h1>{t.pick_event}</h1>
        <p className="quiet">{t.pick_event_hint}</p>
        <button type="button" className="narrow-only" onClick={() => updateView({ isSidebarOpen: true })}>
          {t.events}
        </button>
      </div>
    </main>
  )
}
