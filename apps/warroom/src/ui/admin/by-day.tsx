import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { getStats, listEveryDay } from './chart-data.ts'
import { Chart } from './charts/chart.tsx'
import { listTicks, listWholeTicks } from './charts/scale.ts'
import type { Series, Tone } from './charts/series.ts'
import { useFormats } from './format.ts'

const SHARES = [0, 0.25, 0.5, 0.75, 1]

/** Draws the numbers of each day. */
export function ByDay({ analytics, model }: { analytics: Analytics; model: string | null | undefined }): ReactNode {
  const t = useAdminMessages()
  const { count, seconds, share, day } = useFormats()
  const all = listEveryDay(analytics)
  const days = all.map((one) => day(one.day))
  const series = (
    key: keyof typeof t.stats,
    tone: Tone,
    value: (stats: AnalyticsFigures) => number | null | undefined,
  ): Series => ({
    key,
    tone,
    label: t.stats[key],
    values: all.map(({ counted }) => {
      const stats = getStats(counted, model)
      return stats ? (value(stats) ?? null) : null
    }),
  })
  const volume = [
    series('answered', 'first', ({ answered }) => answered),
    series('cancelled', 'second', ({ cancelled }) => cancelled),
    series('failed', 'bad', ({ failed }) => failed),
    series('unfinished', 'idle', ({ unfinished }) => unfinished),
  ]
  const times = [
    series('p50', 'first', ({ answer_ms }) => answer_ms?.p50),
    series('p95', 'second', ({ answer_ms }) => answer_ms?.p95),
  ]
  const outcome = [
    series('completion', 'first', ({ completion }) => completion),
    series('abandonment', 'second', ({ abandonment }) => abandonment),
  ]
  const satisfaction = [series('satisfaction', 'first', ({ satisfaction }) => satisfaction)]
  const verdicts = [
    series('up', 'first', ({ verdicts }) => verdicts.up),
    series('down', 'bad', ({ verdicts }) => verdicts.down),
  ]
  const describe = (name: keyof typeof t.pictures & keyof typeof t.defined) => ({
    days,
    title: t.pictures[name],
    defined: t.defined[name],
  })
  const slowest = Math.max(...times.flatMap(({ values }) => values.map(Number))) / 1_000
  const inMs = listTicks(slowest).map((tick) => tick * 1_000)
  return (
    <>
      <Chart {...describe('volume')} kind="bars" series={volume} ticks={listSumTicks(volume)} format={count} />
      <Chart {...describe('answer_time')} kind="lines" series={times} ticks={inMs} format={seconds} />
      <Chart {...describe('outcome')} kind="lines" series={outcome} ticks={SHARES} format={share} />
      <Chart {...describe('satisfaction')} kind="lines" series={satisfaction} ticks={SHARES} format={share} />
      <Chart {...describe('verdicts')} kind="bars" series={verdicts} ticks={listSumTicks(verdicts)} format={count} />
    </>
  )
}

/** Lists the ticks up to the highest sum of a day's stacked values. */
function listSumTicks(series: readonly Series[]): number[] {
  const days = series[0]?.values.length ?? 0
  const sums = Array.from({ length: days }, (_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0))
  return listWholeTicks(Math.max(...sums))
}
