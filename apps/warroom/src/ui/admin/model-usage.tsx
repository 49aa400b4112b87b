import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { Attribute } from './attribute.tsx'
import type { CallsUsed } from './chart-data.ts'
import { Plot } from './charts/plot.tsx'
import { listWholeTicks } from './charts/scale.ts'
import { useFormats } from './format.ts'

/** Shows how a model was used in the days that were counted. */
export function ModelUsage({ id, days, used }: { id: string; days: readonly string[]; used: CallsUsed }): ReactNode {
  const t = useAdminMessages()
  const { count, compact, cost, day, share } = useFormats()
  if (days.length === 0) return null
  const { made, failed, cancelled } = used
  const withShare = (part: number) => `${count(part)} (${share(part / made)})`
  return (
    <section className="used" aria-label={`${id}: ${t.used(days.length)}`}>
      <h4>{t.used(days.length)}</h4>
      {made === 0 ? (
        <p className="quiet">{t.never_called}</p>
      ) : (
        <>
          <dl className="attributes">
            <Attribute name={t.calls} value={count(made)} title={t.calls_what} />
            <Attribute name={t.calls_failed} value={withShare(failed)} />
            <Attribute name={t.calls_cancelled} value={withShare(cancelled)} />
            <Attribute name={t.tokens_in} value={compact(used.prompt_tokens)} />
            <Attribute name={t.tokens_out} value={compact(used.completion_tokens)} />
            <Attribute
              name={t.cost}
              value={used.cost_micros === null ? t.unknown : cost(used.cost_micros)}
              title={t.cost_what}
            />
          </dl>
          <Plot
            kind="bars"
            days={days.map(day)}
            series={[{ key: 'calls', label: t.calls, tone: 'first', values: used.by_day }]}
            ticks={listWholeTicks(Math.max(...used.by_day))}
            format={count}
            missingText={t.none}
            label={t.calls_by_day(id)}
            height={110}
          />
          <p className="quiet defined">
            {t.calls_what} {t.cost_what}
          </p>
        </>
      )}
    </section>
  )
}
