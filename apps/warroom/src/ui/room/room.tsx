import { markDeceptive } from '@engineer-chat/markdown'
import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadChat, loadSummaries } from '../../state/asking/chat.ts'
import { setPageName } from '../../state/attention/page-name.ts'
import { putEvent } from '../../state/events/events.ts'
import { loadPeople, loadUnknownPeople } from '../../state/events/people.ts'
import { useView } from '../../state/page/view.ts'
import { loadPins } from '../../state/rooms/pins.ts'
import { getRoom, onReset, useRoom } from '../../state/rooms/rooms.ts'
import { forgetAgentHistories } from '../../state/rooms/search.ts'
import { Composer } from '../composer/composer.tsx'
import { Details } from '../details/details.tsx'
import { ConnectionBanner } from '../page/connection-banner.tsx'
import { ErrorBoundary } from '../parts/error-boundary.tsx'
import { Lazily } from '../parts/lazily.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { useFinishedAnswers } from './finished-answers.ts'
import { RoomHeader } from './room-header.tsx'

// These are loaded after the first view, which shows none of them.
const loadSearch = () => import('../page/search.tsx')
const Search = lazy(loadSearch)
const CitationPreview = lazy(() => import('../citations/preview.tsx'))
const SelectionBar = lazy(() => import('../quoting/selection-bar.tsx'))

interface Props {
  user: User
  event_id: string
  message_id: string
  visit: number
}

export function Room({ user, event_id, message_id, visit }: Props): ReactNode {
  const { isSearchOpen, isDetailsOpen } = useView()
  const refused = useRoom(event_id, (room) => room.refusalCode)
  useRoomData(event_id)
  useEffect(() => void loadSearch().catch(() => {}), [])
  useFinishedAnswers(event_id, user.user_id)
  if (refused !== null) return <RefusedRoom code={refused} />
  return (
    <div className={isDetailsOpen ? 'room with-details' : 'room'}>
      <main className="conversation">
        <RoomHeader event_id={event_id} user={user} takesFocus={visit > 0 && message_id === ''} />
        <ConnectionBanner />
        {isSearchOpen && (
          <Lazily fallback={null}>
            <Search event_id={event_id} />
          </Lazily>
        )}
        <Timeline user={user} event_id={event_id} message_id={message_id} visit={visit} />
        <Composer user={user} event_id={event_id} />
        <ErrorBoundary fallback={null}>
          <Suspense fallback={null}>
            <CitationPreview />
            <SelectionBar event_id={event_id} />
          </Suspense>
        </ErrorBoundary>
      </main>
      {isDetailsOpen && <Details user={user} event_id={event_id} />}
    </div>
  )
}

/** Loads what a room's socket doesn't bring, and again whenever the event has changed. */
function useRoomData(event_id: string): void {
  const event = useRoom(event_id, (room) => room.event)
  const version = event?.summary_version
  useEffect(() => {
    void Promise.all([loadChat(event_id), loadPeople(event_id)]).catch(() => {})
    return getRoom(event_id).on('change', ({ event, users, messages }) => {
      if (event) putEvent(event)
      const newest = messages.at(-1)
      loadUnknownPeople(
        event_id,
        newest?.user_id && newest.message_category !== 'agent' ? [...users, newest.user_id] : users,
      )
    })
  }, [event_id])
  useEffect(() => {
    const reloadPins = () => void loadPins(event_id).catch(() => {})
    reloadPins()
    return onReset(event_id, () => {
      forgetAgentHistories(event_id)
      reloadPins()
    })
  }, [event_id])
  useEffect(() => {
    if (version !== undefined) void loadSummaries(event_id).catch(() => {})
  }, [event_id, version])
  useEffect(() => {
    setPageName(event ? markDeceptive(event.event_name) : '')
    return () => setPageName('')
  }, [event])
}

function RefusedRoom({ code }: { code: string }): ReactNode {
  const t = useMessages()
  return (
    <main className="center">
      <div className="empty">
        <h1>{t.refused}</h1>
        <p className="quiet">{code === 'too_many_rooms' ? t.refused_too_many : t.refused_why}</p>
        <a className="button" href="#/">
          {t.events}
        </a>
      </div>
    </main>
  )
}
