import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import type { CallsUsed } from './chart-data.ts'
import { Plot } from './charts/plot.tsx'
import { listWholeTicks } from './charts/scale.ts'
import { Fact } from './fact.tsx'
import { useFormats } from './format.ts'

/** What the counters say of a model. */
export function ModelUsage({ id, days, used }: { id: string; days: readonly string[]; used: CallsUsed }): ReactNode {
  const say = useAdminMessages()
  const { count, compact, cost, day, share } = useFormats()
  if (days.length === 0) return null
  const { made, failed, cancelled } = used
  const ofAll = (part: number) => `${count(part)} (${share(part / made)})`
  return (
    <section className="used" aria-label={`${id}: ${say.used(days.length)}`}>
      <h4>{say.used(days.length)}</h4>
      {made === 0 ? (
        <p className="quiet">{say.never_called}</p>
      ) : (
        <>
          <dl className="attributes">
            <Fact name={say.calls} value={count(made)} title={say.calls_what} />
            <Fact name={say.calls_failed} value={ofAll(failed)} />
            <Fact name={say.calls_cancelled} value={ofAll(cancelled)} />
            <Fact name={say.tokens_in} value={compact(used.prompt_tokens)} />
            <Fact name={say.tokens_out} value={compact(used.completion_tokens)} />
            <Fact
              name={say.cost}
              value={used.cost_micros === null ? say.unknown : cost(used.cost_micros)}
              title={say.cost_what}
            />
          </dl>
          <Plot
            kind="bars"
            days={days.map(day)}
            series={[{ key: 'calls', label: say.calls, tone: 'first', values: used.by_day }]}
            ticks={listWholeTicks(Math.max(...used.by_day))}
            format={count}
            nothing={say.none}
            label={say.calls_by_day(id)}
            height={110}
          />
          <p className="quiet defined">
            {say.calls_what} {say.cost_what}
          </p>
        </>
      )}
    </section>
  )
}
