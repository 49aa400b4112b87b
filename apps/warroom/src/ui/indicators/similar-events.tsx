import { markDeceptive } from '@engineer-chat/markdown'
import type { SimilarEvent } from '@engineer-chat/protocol'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { loadSimilarEvents } from '../../state/indicators/indicators.ts'
import { toEventHash } from '../../state/page/route.ts'
import { toShownValue } from '../../text/indicator-value.ts'
import { Severity } from '../parts/severity.tsx'
import './seen-before.css'

/** Lists events that share an indicator with this event or are similar to it. Shows nothing if there are none. */
export function SimilarEvents({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const similarEvents = useSimilarEvents(event_id)
  if (similarEvents.length === 0) return null
  return (
    <section className="seen-before" aria-labelledby="seen-before">
      <h3 id="seen-before">{t.seen_before}</h3>
      <ul>
        {similarEvents.map((event) => (
          <SimilarEventItem key={event.event_id} event={event} />
        ))}
      </ul>
    </section>
  )
}

function SimilarEventItem({ event }: { event: SimilarEvent }): ReactNode {
  const { event_id, event_name, severity, shared_indicators, excerpt } = event
  return (
    <li>
      <a href={toEventHash(event_id)}>{markDeceptive(event_name)}</a> <Severity severity={severity} />
      {shared_indicators.length > 0 && (
        <p className="shared">{shared_indicators.map(({ type, value }) => toShownValue(type, value)).join(' · ')}</p>
      )}
      <p className="quiet">{markDeceptive(excerpt)}</p>
    </li>
  )
}

/** Loads the similar events. A failure is not shown, because the list of indicators below shows its own failure. */
function useSimilarEvents(event_id: string): SimilarEvent[] {
  const [similarEvents, setSimilarEvents] = useState<SimilarEvent[]>([])
  useEffect(() => {
    let isCurrent = true
    loadSimilarEvents(event_id).then(
      (events) => {
        if (isCurrent) setSimilarEvents(events)
      },
      () => {},
    )
    return () => {
      isCurrent = false
    }
  }, [event_id])
  return similarEvents
}
