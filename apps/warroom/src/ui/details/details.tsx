import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useWords } from '../../i18n/index.ts'
import { show } from '../../state/view.ts'
import { Icon } from '../icon.tsx'
import { Agents } from './agents.tsx'
import { Sessions } from './sessions.tsx'
import { Summaries } from './summaries.tsx'

const TABS = ['summary', 'agents', 'sessions'] as const
type Tab = (typeof TABS)[number]

export function Details({ user, event_id }: { user: User; event_id: string }): ReactNode {
  const say = useWords()
  const [tab, setTab] = useState<Tab>('summary')
  return (
    <aside className="details" aria-label={say.details}>
      <div className="tabs">
        <div role="tablist" aria-label={say.details}>
          {TABS.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`tab-${name}`}
              aria-selected={tab === name}
              aria-controls="tab-panel"
              className="plain"
              onClick={() => setTab(name)}
            >
              {say.tab[name]}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="plain icon-only"
          aria-label={say.close}
          onClick={() => show({ details: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="panel" role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'summary' && <Summaries event_id={event_id} />}
        {tab === 'agents' && <Agents event_id={event_id} />}
        {tab === 'sessions' && <Sessions user={user} event_id={event_id} />}
      </div>
    </aside>
  )
}
