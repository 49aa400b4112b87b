import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { delivery } from '../../state/asking/delivery.ts'
import { openOutbox } from '../../state/asking/outbox.ts'
import { keepEventsFresh, loadEvents, useEvents } from '../../state/events/events.ts'
import { useRoute } from '../../state/page/route.ts'
import { show, useView } from '../../state/page/view.ts'
import { focusMessageBox } from '../parts/focus.ts'
import { Room } from '../room/room.tsx'
import { useKeys } from './keys.ts'
import { Palette } from './palette.tsx'
import { useRefusedFiles } from './refuse-files.ts'
import { Sidebar } from './sidebar.tsx'

const Admin = lazy(() => import('../admin/admin.tsx'))

export function Shell({ user }: { user: User }): ReactNode {
  const t = useMessages()
  const { page, event_id, message_id, visit } = useRoute()
  const { sidebar, palette } = useView()
  useKeys()
  useRefusedFiles()
  useEffect(() => {
    openOutbox(user.user_id, delivery)
    void loadEvents().catch(() => useEvents.setState({ loaded: true }))
    return keepEventsFresh()
  }, [user.user_id])
  return (
    <div className={sidebar ? 'shell with-sidebar' : 'shell'}>
      <button type="button" className="skip" onClick={focusComposer}>
        {t.skip_to_composer}
      </button>
      <Sidebar user={user} current={event_id} />
      {sidebar && (
        <button type="button" className="backdrop" aria-label={t.close} onClick={() => show({ sidebar: false })} />
      )}
      {page === 'event' && (
        <Room key={event_id} user={user} event_id={event_id} message_id={message_id} visit={visit} />
      )}
      {page === 'events' && <Nothing />}
      {page !== 'event' && page !== 'events' && (
        <Suspense fallback={<main className="center" aria-busy="true" />}>
          <Admin page={page} />
        </Suspense>
      )}
      {palette && <Palette user={user} event_id={event_id} />}
    </div>
  )
}

function focusComposer(): void {
  focusMessageBox()
}

function Nothing(): ReactNode {
  const t = useMessages()
  return (
    <main className="center">
      <div className="empty">
        <h1>{t.pick_event}</h1>
        <p className="quiet">{t.pick_event_how}</p>
        <button type="button" className="narrow-only" onClick={() => show({ sidebar: true })}>
          {t.events}
        </button>
      </div>
    </main>
  )
}
