import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { Attribute } from './attribute.tsx'
import type { ModelCalls } from './charts/chart-data.ts'
import { Plot } from './charts/plot.tsx'
import { listWholeTicks } from './charts/scale.ts'
import { useFormats } from './format.ts'

/** Shows how a model was used on the days of the statistics. */
export function ModelUsage({ id, days, calls }: { id: string; days: readonly string[]; calls: ModelCalls }): ReactNode {
  const t = useAdminMessages()
  const { formatCount, formatCompact, formatCost, formatDay, formatShare } = useFormats()
  if (days.length === 0) return null
  const { made, failed, cancelled } = calls
  const formatWithShare = (part: number) => `${formatCount(part)} (${formatShare(part / made)})`
  return (
    <section className="used" aria-label={`${id}: ${t.usage_title(days.length)}`}>
      <h4>{t.usage_title(days.length)}</h4>
      {made === 0 ? (
        <p className="quiet">{t.never_called}</p>
      ) : (
        <>
          <dl className="attributes">
            <Attribute name={t.calls} value={formatCount(made)} title={t.calls_hint} />
            <Attribute name={t.calls_failed} value={formatWithShare(failed)} />
            <Attribute name={t.calls_cancelled} value={formatWithShare(cancelled)} />
            <Attribute name={t.tokens_in} value={formatCompact(calls.prompt_tokens)} />
            <Attribute name={t.tokens_out} value={formatCompact(calls.completion_tokens)} />
            <Attribute
              name={t.cost}
              value={calls.cost_micros === null ? t.unknown : formatCost(calls.cost_micros)}
              title={t.cost_hint}
            />
          </dl>
          <Plot
            kind="bars"
            days={days.map(formatDay)}
            series={[{ key: 'calls', label: t.calls, tone: 'first', values: calls.by_day }]}
            ticks={listWholeTicks(Math.max(...calls.by_day))}
            format={formatCount}
            missingText={t.none}
            label={t.calls_by_day(id)}
            height={110}
          />
          <p className="quiet definition">
            {t.calls_hint} {t.cost_hint}
          </p>
        </>
      )}
    </section>
  )
}
