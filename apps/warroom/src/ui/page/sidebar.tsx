import type { User } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { openDialog } from '../../state/page/view.ts'
import { EventList } from '../events/event-list.tsx'
import { EventFilters } from '../parts/event-fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
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
      <EventList user={user} searchText={searchText} currentEventId={currentEventId} />
      <Account user={user} />
    </nav>
  )
}
