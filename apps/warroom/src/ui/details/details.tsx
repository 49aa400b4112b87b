import type { User } from '@engineer-chat/protocol'
import { type KeyboardEvent, lazy, type ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { DETAILS_TABS, updateView, useView } from '../../state/page/view.ts'
import { usePins } from '../../state/rooms/pins.ts'
import { Icon } from '../parts/icon.tsx'
import { LazyPart } from '../parts/lazy-part.tsx'
import { Summaries } from './summaries.tsx'

// The details open with the summary, so the other tabs are loaded only when they are opened.
const Agents = lazy(() => import('./agents.tsx'))
const IndicatorList = lazy(() => import('../indicators/indicator-list.tsx'))
const Pins = lazy(() => import('./pins.tsx'))
const RoomDocuments = lazy(() => import('../documents/room-documents.tsx'))
const Sessions = lazy(() => import('./sessions.tsx'))

export function Details({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const t = useMessages()
  const tab = useView((view) => view.tab)
  const pinCount = usePins(event_id).length
  return (
    <aside className="details" aria-label={t.details}>
      <div className="tabs">
        <div role="tablist" aria-label={t.details} onKeyDown={moveTabByKey}>
          {DETAILS_TABS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="tab-panel"
              tabIndex={tab === name ? 0 : -1}
              className="plain"
              onClick={() => updateView({ tab: name })}
            >
              {t.tab[name]}
              {name === 'evidence' && pinCount > 0 && <span className="count"> {pinCount}</span>}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="plain icon-only"
          aria-label={t.close}
          onClick={() => updateView({ isDetailsOpen: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'summary' && <Summaries event_id={event_id} />}
        <LazyPart fallback={<p className="quiet loading">{t.loading}</p>}>
          {tab === 'evidence' && <Pins event_id={event_id} />}
          {tab === 'indicators' && <IndicatorList key={event_id} event_id={event_id} />}
          {tab === 'documents' && <RoomDocuments key={event_id} event_id={event_id} />}
          {tab === 'agents' && <Agents event_id={event_id} />}
          {tab === 'sessions' && <Sessions user={user} event_id={event_id} />}
        </LazyPart>
      </div>
    </aside>
  )
}

/** Moves to the previous or the next tab with the arrow keys. The last and the first tab are neighbours. */
function moveTabByKey(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const index = DETAILS_TABS.indexOf(useView.getState().tab) + step // `at(-1)` is the last tab.
  const tab = DETAILS_TABS.at(index % DETAILS_TABS.length) ?? 'summary'
  updateView({ tab })
  document.getElementById(`tab-${tab}`)?.focus()
}
