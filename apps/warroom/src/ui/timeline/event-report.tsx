import { markDeceptive } from '@engineer-chat/markdown'
import type { Event } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { renderPlain } from '../../text/plain.tsx'
import { EventFieldValues } from '../parts/event-fields.tsx'
import { Time } from '../parts/time.tsx'

/** Shows the report of the event, which is the first row of the room. */
export function EventReport({ event }: { event: Event }): ReactNode {
  const t = useMessages()
  return (
    <section className="event-report" aria-label={t.reported}>
      <p className="meta">
        <EventFieldValues event={event} />
        <span>
          {t.reported_by(event.source)} · <Time at={event.created_at} />
        </span>
      </p>
      <h2>{markDeceptive(event.event_name)}</h2>
      <div className="prose">{renderPlain(event.message)}</div>
    </section>
  )
}
