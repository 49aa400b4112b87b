import type { EventStatus, Severity as Level } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from './icon.tsx'

/**
 * Shows the severity as a colour, a shape and a word, so that each of them is enough to recognise it. `hasHiddenLabel`
 * adds the name of the field for screen readers.
 */
export function Severity({
  severity,
  hasHiddenLabel = false,
}: {
  severity: Level
  hasHiddenLabel?: boolean
}): ReactNode {
  const t = useMessages()
  return (
    <span className={`severity ${severity}`} title={`${t.severity_label}: ${t.severity[severity]}`}>
      <Icon name={severity} />
      <span>{t.severity[severity]}</span>
      {hasHiddenLabel && <span className="unseen">{t.severity_label}</span>}
    </span>
  )
}

const TONES: Record<EventStatus, string> = {
  pending: 'idle',
  processing: 'busy',
  tasks_completed: 'busy',
  to_be_summarized: 'busy',
  summarized: 'busy',
  round_finished: 'busy',
  summary_failed: 'bad',
  failed: 'bad',
  completed: 'good',
  resolved: 'good',
  closed: 'idle',
}

export const StatusDot = ({ status }: { status: EventStatus }): ReactNode => (
  <span className={`dot ${TONES[status]}`} aria-hidden="true" />
)
