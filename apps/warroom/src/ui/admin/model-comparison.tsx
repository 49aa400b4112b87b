import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'
import { type ReactNode, useId } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { ShareBar, SpanBar } from './charts/share-bar.tsx'
import { Swatch } from './charts/swatch.tsx'
import { useFormats } from './format.ts'

const OUTCOMES = ['answered', 'cancelled', 'failed', 'unfinished'] as const
const OUTCOME_TONES = { answered: 'first', cancelled: 'second', failed: 'bad', unfinished: 'idle' } as const

/** Compares the models in a table. The model with the most replies comes first. The bars of a column share a scale. */
export function ModelComparison({ analytics }: { analytics: Analytics }): ReactNode {
  const t = useAdminMessages()
  const headingId = useId()
  const models = [...analytics.models].sort((a, b) => b.figures.replies - a.figures.replies)
  const mostReplies = Math.max(1, ...models.map(({ figures }) => figures.replies))
  const slowestMs = Math.max(1, ...models.map(({ figures }) => figures.answer_ms?.p95 ?? 0))
  return (
    <figure className="chart wide" aria-labelledby={headingId}>
      <figcaption>
        <h2 id={headingId}>{t.chart_titles.by_model}</h2>
        <p className="quiet definition">{t.definitions.by_model}</p>
      </figcaption>
      <ul className="legend">
        {OUTCOMES.map((outcome) => (
          <li key={outcome}>
            <Swatch tone={OUTCOME_TONES[outcome]} kind="bars" /> {t.stats[outcome]}
          </li>
        ))}
      </ul>
      <div className="table" tabIndex={0}>
        <table className="by-model" aria-labelledby={headingId}>
          <thead>
            <tr>
              <th scope="col">{t.model_label}</th>
              {(['replies', 'answer_time', 'completion', 'abandonment', 'satisfaction'] as const).map((name) => (
                <th key={name} scope="col" title={t.definitions[name]}>
                  {t.stats[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {models.map(({ model, figures }) => (
              <tr key={model}>
                <th scope="row">{model ?? t.no_model}</th>
                <ModelCells stats={figures} mostReplies={mostReplies} slowestMs={slowestMs} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

function ModelCells({
  stats,
  mostReplies,
  slowestMs,
}: {
  stats: AnalyticsFigures
  mostReplies: number
  slowestMs: number
}): ReactNode {
  const { formatCount, formatSeconds, formatShare } = useFormats()
  const { replies, answer_ms } = stats
  const parts = OUTCOMES.map((outcome) => ({ tone: OUTCOME_TONES[outcome], value: stats[outcome] }))
  return (
    <>
      <td>
        {formatCount(replies)}
        <ShareBar parts={parts} total={mostReplies} />
      </td>
      <td>
        {answer_ms ? `${formatSeconds(answer_ms.p50)} – ${formatSeconds(answer_ms.p95)}` : '–'}
        {answer_ms && <SpanBar from={answer_ms.p50} to={answer_ms.p95} total={slowestMs} />}
      </td>
      {(['completion', 'abandonment', 'satisfaction'] as const).map((name) => {
        const value = stats[name]
        return (
          <td key={name}>
            {value === null ? '–' : formatShare(value)}
            {value !== null && (
              <ShareBar parts={[{ tone: name === 'abandonment' ? 'second' : 'first', value }]} total={1} />
            )}
          </td>
        )
      })}
    </>
  )
}
