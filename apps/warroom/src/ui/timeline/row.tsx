import { isEventChange, type Person, type User, type Visibility } from '@engineer-chat/protocol'
import { memo, type ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useSettings } from '../../state/page/settings.ts'
import { loadNewer, loadOlder } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { formatDay } from '../../text/time.ts'
import { AgentMessage } from '../agents/agent-message.tsx'
import { ChangeView } from '../message/change.tsx'
import { MessageView } from '../message/message.tsx'
import { Time } from '../parts/time.tsx'
import { RoomStart } from '../starters/room-start.tsx'
import { EventReport } from './event-report.tsx'
import { UnreadLineView } from './unread-line.tsx'
import { UnsentView } from './unsent.tsx'

interface Props {
  row: TimelineRow
  user: User
  people: readonly Person[]
  event_id: string
  /** Says whether a link, a pin, a citation or the search has just led to this row, which is then highlighted. */
  isJumpTarget: boolean
}

export const RowView = memo(function RowView({ row, user, people, event_id, isJumpTarget }: Props): ReactNode {
  switch (row.kind) {
    case 'event_report':
      return <EventReport event={row.event} />
    case 'day':
      return <DaySeparator at={row.at} />
    case 'newer':
      return <LoadNewerButton event_id={event_id} />
    case 'filtered':
      return <FilterNotice event_id={event_id} isEmpty={row.isEmpty} hasMore={row.hasMore} />
    case 'unread':
      return <UnreadLineView unread={row.unread} user={user} event_id={event_id} />
    case 'session':
      return <SessionSeparator visibility={row.visibility} />
    case 'start':
      return <RoomStart user={user} event_id={event_id} />
    case 'round':
      return <RoundSeparator round_id={row.round_id} at={row.at} count={row.count} />
    case 'unsent':
      return <UnsentView unsent={row.unsent} user={user} event_id={event_id} />
    case 'message':
      if (isEventChange(row.message))
        return <ChangeView message={row.message} people={people} isJumpTarget={isJumpTarget} />
      if (row.message.message_category === 'agent') {
        const { message, isContinuation, showsRound } = row
        return (
          <AgentMessage
            message={message}
            isContinuation={isContinuation}
            showsRound={showsRound}
            people={people}
            isJumpTarget={isJumpTarget}
          />
        )
      }
      return (
        <MessageView
          message={row.message}
          isContinuation={row.isContinuation}
          user={user}
          people={people}
          isJumpTarget={isJumpTarget}
        />
      )
    default:
      row satisfies never
  }
})

function DaySeparator({ at }: { at: string }): ReactNode {
  const { language, clock } = useSettings()
  return (
    <div className="separator day">
      <span>{formatDay(at, language, clock)}</span>
    </div>
  )
}

/** Loads newer messages on a click. Scrolling near the end also loads them, but that load may have failed. */
function LoadNewerButton({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  return (
    <p className="list-notice">
      <button type="button" className="plain" onClick={() => void loadNewer(event_id).catch(() => {})}>
        {t.load_newer}
      </button>
    </p>
  )
}

/** Says if no loaded message matches the filter, and offers to load older messages if there are any. */
function FilterNotice(props: { event_id: string; isEmpty: boolean; hasMore: boolean }): ReactNode {
  const { event_id, isEmpty, hasMore } = props
  const t = useMessages()
  return (
    <p className="list-notice">
      {isEmpty && <span>{hasMore ? t.filter_found_nothing_yet : t.filter_found_nothing} </span>}
      {hasMore && (
        <button type="button" className="plain" onClick={() => void loadOlder(event_id).catch(() => {})}>
          {t.load_older}
        </button>
      )}
    </p>
  )
}

function SessionSeparator({ visibility }: { visibility: Visibility }): ReactNode {
  const t = useMessages()
  return (
    <div className={visibility === 'private' ? 'separator session private' : 'separator session shared'}>
      <span>
        {t.new_session} · {visibility === 'private' ? t.seen_by_me : t.seen_by_people}
      </span>
    </div>
  )
}

function RoundSeparator(props: { round_id: number; at: string; count: number | undefined }): ReactNode {
  const { round_id, at, count } = props
  const t = useMessages()
  return (
    <div className="separator round">
      <span>
        <strong>{t.agents_round(round_id)}</strong> · <Time at={at} />
        {count !== undefined && ` · ${t.round_messages(count)}`}
      </span>
    </div>
  )
}
