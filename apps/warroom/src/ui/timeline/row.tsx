import { isEventChange, type Person, type User, type Visibility } from '@engineer-chat/protocol'
import { memo, type ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useSettings } from '../../state/page/settings.ts'
import { loadNewer } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { formatDay } from '../../text/time.ts'
import { ChangeView } from '../message/change.tsx'
import { MessageView } from '../message/message.tsx'
import { RoomStart } from '../starters/room-start.tsx'
import { EventReport } from './event-report.tsx'
import { UnreadLine } from './unread-line.tsx'
import { UnsentView } from './unsent.tsx'

interface Props {
  row: TimelineRow
  user: User
  people: readonly Person[]
  event_id: string
  isMarked: boolean
}

export const RowView = memo(function RowView({ row, user, people, event_id, isMarked }: Props): ReactNode {
  switch (row.kind) {
    case 'opening':
      return <EventReport event={row.event} />
    case 'day':
      return <Day at={row.at} />
    case 'newer':
      return <Newer event_id={event_id} />
    case 'unread':
      return <UnreadLine unread={row.unread} user={user} event_id={event_id} />
    case 'session':
      return <SessionBegins visibility={row.visibility} />
    case 'start':
      return <RoomStart user={user} event_id={event_id} />
    case 'unsent':
      return <UnsentView unsent={row.unsent} user={user} event_id={event_id} />
    case 'message':
      if (isEventChange(row.message)) return <ChangeView message={row.message} people={people} isMarked={isMarked} />
      return (
        <MessageView
          message={row.message}
          isContinued={row.isContinued}
          user={user}
          people={people}
          isMarked={isMarked}
        />
      )
  }
})

function Day({ at }: { at: string }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <div className="separator day">
      <span>{formatDay(at, language, clock)}</span>
    </div>
  )
}

/** Loads the next page on a click, for when loading it by scrolling has failed. */
function Newer({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  return (
    <p className="newer">
      <button type="button" className="plain" onClick={() => void loadNewer(event_id).catch(() => {})}>
        {t.load_newer}
      </button>
    </p>
  )
}

function SessionBegins({ visibility }: { visibility: Visibility }): ReactNode {
  const t = useMessages()
  return (
    <div className={visibility === 'private' ? 'separator session private' : 'separator session shared'}>
      <span>
        {t.new_session} · {visibility === 'private' ? t.seen_by_me : t.seen_by_people}
      </span>
    </div>
  )
}
