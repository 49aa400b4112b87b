import type { EventSummary } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { useChat } from '../../state/asking/chat.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { renderMarkdown } from '../../text/markdown.tsx'
import { renderPlain } from '../../text/plain.tsx'
import { Time } from '../parts/time.tsx'

/** Shows the newest summary open and the earlier ones below, because earlier conclusions are part of the incident. */
export function Summaries({ event_id }: { event_id: string }): ReactNode {
  const t = useMessages()
  const { summaries } = useChat(event_id)
  const event = useRoom(event_id, (room) => room.event)
  const [newestSummary, ...olderSummaries] = [...summaries].sort((a, b) => b.updated_at.localeCompare(a.updated_at))
  return (
    <>
      {newestSummary ? <NewestSummary summary={newestSummary} /> : <p className="quiet">{t.no_summary}</p>}
      {olderSummaries.length > 0 && <h2>{t.earlier_summaries}</h2>}
      {olderSummaries.map((summary) => (
        <details key={summary.version}>
          <summary>
            {t.agents_round(summary.round_id)} · <Time at={summary.updated_at} />
          </summary>
          <section className="summary">
            <SummaryText summary={summary} />
          </section>
        </details>
      ))}
      {event && (
        <>
          <h2>{t.about_event}</h2>
          <dl>
            <dt>{t.source_of_event}</dt>
            <dd>{event.source}</dd>
            <dt>{t.opened_at}</dt>
            <dd>
              <Time at={event.created_at} />
            </dd>
            <dt>{t.event_id}</dt>
            <dd className="id">{event.event_id}</dd>
          </dl>
          {event.context !== '' && <div className="prose">{renderPlain(event.context)}</div>}
        </>
      )}
    </>
  )
}

function NewestSummary({ summary }: { summary: EventSummary }): ReactNode {
  const t = useMessages()
  return (
    <section className="summary">
      <h2 className="meta">
        <span>{t.agents_round(summary.round_id)}</span> <Time at={summary.updated_at} />
      </h2>
      <SummaryText summary={summary} />
    </section>
  )
}

/** Renders a summary below a heading of the second level. */
function SummaryText({ summary }: { summary: EventSummary }): ReactNode {
  const t = useMessages()
  return (
    <>
      <div className="prose">{renderMarkdown(summary.event_summary)}</div>
      {summary.event_suggestion !== '' && (
        <>
          <h3>{t.suggestion}</h3>
          <div className="prose">{renderMarkdown(summary.event_suggestion, { firstLevel: 4 })}</div>
        </>
      )}
    </>
  )
}
