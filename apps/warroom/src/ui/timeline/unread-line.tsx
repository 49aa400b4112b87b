import type { User } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { getServerTimeMs } from '../../state/page/server-clock.ts'
import { useSettings } from '../../state/page/settings.ts'
import type { Unread } from '../../state/rooms/unread.ts'
import { toDayKey } from '../../text/time.ts'
import { Time } from '../parts/time.tsx'
import { CatchUpButton } from '../starters/catch-up-button.tsx'

interface Props {
  unread: Unread
  user: User
  event_id: string
}

/** Separates read messages from newer ones, and offers a summary of the newer ones. */
export function UnreadLineView({ unread, user, event_id }: Props): ReactNode {
  return (
    <div className="separator unread" data-testid="unread">
      <span className="news">
        <span>
          <UnreadCount unread={unread} />
        </span>
        <CatchUpButton user={user} event_id={event_id} linePosition={unread.linePosition} />
      </span>
    </div>
  )
}

export const formatUnreadCount = ({ count, mayHaveMore }: Unread): string => (mayHaveMore ? `${count}+` : `${count}`)

function UnreadCount({ unread }: { unread: Unread }): ReactNode {
  const t = useMessages()
  const clock = useSettings((settings) => settings.clock)
  const { since } = unread
  const countText = formatUnreadCount(unread)
  if (since === null) return t.unread_new(countText)
  const isToday = toDayKey(since, clock) === toDayKey(new Date(getServerTimeMs()).toISOString(), clock)
  const [textBeforeTime, textAfterTime] = t.unread_since(countText)
  return (
    <>
      {textBeforeTime}
      <Time at={since} showsDay={!isToday} />
      {textAfterTime}
    </>
  )
}
