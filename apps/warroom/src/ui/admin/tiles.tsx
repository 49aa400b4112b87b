import type { AnalyticsFigures, SessionFigures } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { useFormats } from './format.ts'

interface Props {
  stats: AnalyticsFigures
  /**
   * Is undefined for the statistics of one model, because sessions have no model. A server of an older version also
   * sends no statistics of sessions.
   */
  sessions: SessionFigures | undefined
}

/** Shows the most important statistics of the range, each with its definition. */
export function StatTiles({ stats, sessions }: Props): ReactNode {
  const t = useAdminMessages()
  const { formatCount, formatSeconds, formatShare } = useFormats()
  const { replies, answer_ms, completion, abandonment, satisfaction } = stats
  const formatOrDash = (value: number | null, format: (value: number) => string) =>
    value === null ? '–' : format(value)
  const tiles = [
    ['replies', formatCount(replies)],
    ['p50', formatOrDash(answer_ms?.p50 ?? null, formatSeconds)],
    ['p95', formatOrDash(answer_ms?.p95 ?? null, formatSeconds)],
    ['completion', formatOrDash(completion, formatShare)],
    ['abandonment', formatOrDash(abandonment, formatShare)],
    ['satisfaction', formatOrDash(satisfaction, formatShare)],
    ...(sessions
      ? ([
          ['session_completion', formatOrDash(sessions.completion, formatShare)],
          ['session_abandonment', formatOrDash(sessions.abandonment, formatShare)],
        ] as const)
      : []),
  ] as const
  return (
    <dl className="tiles">
      {tiles.map(([name, value]) => (
        <div key={name} title={t.definitions[name]}>
          <dt>{t.stats[name]}</dt>
          <dd className="value">{value}</dd>
          <dd className="quiet definition">{t.definitions[name]}</dd>
        </div>
      ))}
    </dl>
  )
}
