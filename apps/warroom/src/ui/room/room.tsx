import { markDeceptive } from '@engineer-chat/markdown'
import type { User } from '@engineer-chat/protocol'
import { lazy, type ReactNode, Suspense, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadChat, loadSummaries } from '../../state/asking/chat.ts'
import { setOpenEventName } from '../../state/attention/open-event-name.ts'
import { replaceListedEvent } from '../../state/events/events.ts'
import { loadPeople, loadUnknownPeople } from '../../state/events/people.ts'
import { useView } from '../../state/page/view.ts'
import { loadPins } from '../../state/rooms/pins.ts'
import { getRoom, subscribeToResets, useRoom } from '../../state/rooms/rooms.ts'
import { forgetAgentHistories } from '../../state/rooms/search.ts'
import { Composer } from '../composer/composer.tsx'
import { Details } from '../details/details.tsx'
import { ConnectionBanner } from '../page/connection-banner.tsx'
import { ErrorBoundary } from '../parts/error-boundary.tsx'
import { LazyPart } from '../parts/lazy-part.tsx'
import { Timeline } from '../timeline/timeline.tsx'
import { RoomHeader } from './room-header.tsx'
import { useAnnouncedAnswers } from './use-announced-answers.ts'

// These parts are not needed for the first view and are loaded after it.
const loadSearch = () => import('../page/search.tsx')
const Search = lazy(loadSearch)
const CitationPreview = lazy(() => import('../citations/preview.tsx'))
const SelectionBar = lazy(() => import('../quoting/selection-bar.tsx'))

interface Props {
  user: User
  event_id: string
  message_id: string
  navigationCount: number
}

export function Room({ user, event_id, message_id, navigationCount }: Props): ReactNode {
  const { isSearchOpen, isDetailsOpen } = useView()
  const refusalCode = useRoom(event_id, (room) => room.refusalCode)
  useRoomData(event_id)
  useEffect(() => void loadSearch().catch(() => {}), []) // Without this, the search would open with a delay.
  useAnnouncedAnswers(event_id, user.user_id)
  if (refusalCode !== null) return <RefusedRoom code={refusalCode} />
  return (
    <div className={isDetailsOpen ? 'room with-details' : 'room'}>
      <main className="conversation">
        <RoomHeader event_id={event_id} user={user} takesFocus={navigationCount > 0 && message_id === ''} />
        <ConnectionBanner />
        {isSearchOpen && (
          <LazyPart fallback={null}>
            <Search event_id={event_id} />
          </LazyPart>
        )}
        <Timeline user={user} event_id={event_id} message_id={message_id} navigationCount={navigationCount} />
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

/**
 * Loads what the socket does not send (sessions, people, pins and summaries) when the room is opened. Later loads
 * unknown people, new summaries, and after a reset the pins. Also passes the event on to the list of events and to the
 * tab's title.
 */
function useRoomData(event_id: string): void {
  const event = useRoom(event_id, (room) => room.event)
  const summaryVersion = event?.summary_version
  useEffect(() => {
    void Promise.all([loadChat(event_id), loadPeople(event_id)]).catch(() => {})
    return getRoom(event_id).on('change', ({ event, presentUserIds, messages }) => {
      if (event) replaceListedEvent(event)
      const newestMessage = messages.at(-1)
      const newestWriterId = newestMessage?.message_category === 'agent' ? null : newestMessage?.user_id
      loadUnknownPeople(event_id, newestWriterId ? [...presentUserIds, newestWriterId] : presentUserIds)
    })
  }, [event_id])
  useEffect(() => {
    const reloadPins = () => void loadPins(event_id).catch(() => {})
    reloadPins()
    return subscribeToResets(event_id, () => {
      forgetAgentHistories(event_id)
      reloadPins()
    })
  }, [event_id])
  useEffect(() => {
    if (summaryVersion !== undefined) void loadSummaries(event_id).catch(() => {})
  }, [event_id, summaryVersion])
  useEffect(() => {
    setOpenEventName(event ? markDeceptive(event.event_name) : '')
    return () => setOpenEventName('')
  }, [event])
}

function RefusedRoom({ code }: { code: string }): ReactNode {
  const t = useMessages()
  return (
    <main className="center">
      <div className="empty">
        <h1>{t.refused}</h1>
        <p className="quiet">{code === 'too_many_rooms' ? t.refused_too_many : t.refused_reason}</p>
        <a className="button" href="#/">
          {t.events}
        </a>
      </div>
    </main>
  )
}
