import { type Event, type EventStatus, SEVERITIES, TLP_LABELS, type User } from '@engineer-chat/protocol'
import { type ReactNode, useEffect } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { requestChange } from '../../state/events/change-event.ts'
import { findEventRights, listCommanderNames, loadMembers, useMembers } from '../../state/events/members.ts'
import { openDialog } from '../../state/page/view.ts'
import { formatTlp, TlpLabel } from '../parts/event-fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { Severity, StatusDot } from '../parts/severity.tsx'
import { Time } from '../parts/time.tsx'
import { ChoiceMenu } from './choice-menu.tsx'

/** Lists the statuses that people set. Agents set the other statuses during their rounds. */
const MANUAL_STATUSES: readonly EventStatus[] = ['pending', 'processing', 'resolved', 'closed']

/** Lists the choices of the status. A current status that an agent has set is also a choice. */
const listStatuses = (current: EventStatus): readonly EventStatus[] =>
  MANUAL_STATUSES.includes(current) ? MANUAL_STATUSES : [current, ...MANUAL_STATUSES]

/** Shows the event's severity, TLP label and status. Users who may change the event click a value to change it. */
export function EventControls({ event, user }: { event: Event; user: User }): ReactNode {
  const t = useMessages()
  const members = useMembers(event.event_id)
  const { mayChange, mayManage } = findEventRights(user, members)
  useEffect(() => void loadMembers(event.event_id).catch(() => {}), [event.event_id])
  const status = <Status status={event.event_status} />
  if (!mayChange) {
    return (
      <p className="meta">
        <Severity severity={event.severity} hasHiddenLabel />
        <TlpLabel label={event.tlp} />
        {status}
        <EventFacts event={event} />
      </p>
    )
  }
  return (
    <div className="meta controls">
      <ChoiceMenu
        label={t.severity_label}
        valueText={t.severity[event.severity]}
        value={event.severity}
        choices={SEVERITIES.map((value) => ({ value, content: <Severity severity={value} /> }))}
        onChoose={(to) => requestChange(event, { field: 'severity', to })}
      >
        <Severity severity={event.severity} />
      </ChoiceMenu>
      <ChoiceMenu
        label={t.tlp_label}
        valueText={formatTlp(event.tlp)}
        value={event.tlp}
        choices={TLP_LABELS.map((value, index) => ({
          value,
          content: <TlpChoice label={value} />,
          isDisabled: !mayManage && index < TLP_LABELS.indexOf(event.tlp), // This choice would lower the label.
        }))}
        onChoose={(to) => requestChange(event, { field: 'tlp', to })}
      >
        <TlpLabel label={event.tlp} />
      </ChoiceMenu>
      <ChoiceMenu
        label={t.status_label}
        valueText={t.status[event.event_status]}
        value={event.event_status}
        choices={listStatuses(event.event_status).map((value) => ({ value, content: <Status status={value} /> }))}
        onChoose={(to) => requestChange(event, { field: 'event_status', to })}
      >
        {status}
      </ChoiceMenu>
      <EventFacts event={event} />
    </div>
  )
}

function Status({ status }: { status: Event['event_status'] }): ReactNode {
  const valueText = useMessages().status[status]
  return (
    <span className="event-status" title={valueText}>
      <StatusDot status={status} />
      {valueText}
    </span>
  )
}

const TlpChoice = ({ label }: { label: Event['tlp'] }): ReactNode => (
  <>
    <TlpLabel label={label} /> <span className="quiet">{useMessages().tlp[label]}</span>
  </>
)

/** Shows the commanders, the number of members, and since when the event is open. */
function EventFacts({ event }: { event: Event }): ReactNode {
  const t = useMessages()
  const members = useMembers(event.event_id)
  const commanders = listCommanderNames(members)
  const commandersText =
    commanders.length === 0 ? t.controls.no_commander : t.controls.commanded_by(commanders.join(', '))
  return (
    <>
      {members && (
        <button
          type="button"
          className="plain control"
          title={`${t.controls.members(members.length)} · ${commandersText}`}
          aria-label={t.controls.members(members.length)}
          onClick={() => openDialog({ kind: 'members', event_id: event.event_id })}
        >
          <Icon name="users" />
          {members.length}
        </button>
      )}
      {event.access === 'restricted' && <Icon name="lock" label={t.restricted} />}
      {members && <span className="wide-only commander">{commandersText}</span>}
      {event.event_status !== 'closed' && (
        <span className="wide-only open-since">
          {t.controls.open_since} <Time at={event.created_at} showsDay />
        </span>
      )}
    </>
  )
}
