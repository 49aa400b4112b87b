import { markDeceptive } from '@engineer-chat/markdown'
import { memo, type ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { setMuted } from '../../state/events/events.ts'
import type { ListItem } from '../../state/events/urgency.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { toEventHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { updateView } from '../../state/page/view.ts'
import { EventFieldValues } from '../parts/event-fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { StatusDot } from '../parts/severity.tsx'
import { Counts } from './counts.tsx'

interface Props {
  event: ListItem
  isCurrent: boolean
}

export const EventItem = memo(function EventItem({ event, isCurrent }: Props): ReactNode {
  const t = useMessages()
  const { unread = 0, mentions = 0, muted = false } = event
  const isNew = isNewCritical(event)
  const classes = ['event', (unread > 0 || isNew) && !muted && 'unread', muted && 'muted']
  return (
    <li className="event-row">
      <a
        className={classes.filter(Boolean).join(' ')}
        href={toEventHash(event.event_id)}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={() => updateView({ isSidebarOpen: false })}
      >
        <span className="name" title={event.event_name}>
          {markDeceptive(event.event_name)}
        </span>
        <Counts unread={unread} mentions={mentions} isNew={isNew} />
        <span className="meta">
          <EventFieldValues event={event} />
          <span className="event-status">
            <StatusDot status={event.event_status} />
            {t.status[event.event_status]}
          </span>
          {event.access === 'restricted' && <Icon name="lock" label={t.restricted} />}
        </span>
      </a>
      {event.muted !== undefined && <MuteButton event_id={event.event_id} isMuted={muted} />}
    </li>
  )
})

/**
 * Returns true for a critical event that is not closed, if the reader has never opened or muted it on any device.
 * Muting ends "new", too: `read_position` is null until the reader opens or mutes the event.
 */
const isNewCritical = ({ severity, event_status, read_position }: ListItem): boolean =>
  severity === 'critical' && event_status !== 'closed' && read_position === null

/** Mutes or unmutes the event. The button is hidden if the node does not report `muted`: an older node cannot mute. */
function MuteButton({ event_id, isMuted }: { event_id: string; isMuted: boolean }): ReactNode {
  const t = useMessages()
  const toggle = () =>
    setMuted(event_id, !isMuted).catch((error: unknown) => showToast(t.errorText[toErrorKind(error)].cause, 'bad'))
  return (
    <IconButton
      icon={isMuted ? 'bell_off' : 'bell'}
      label={t.mute}
      onClick={() => void toggle()}
      aria-pressed={isMuted}
    />
  )
}
