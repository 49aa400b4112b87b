import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { getFigures, listEveryDay } from './chart-data.ts'
import { Chart } from './charts/chart.tsx'
import { listTicks, listWholeTicks } from './charts/scale.ts'
import type { Series, Tone } from './charts/series.ts'
import { useFormats } from './format.ts'

const SHARES = [0, 0.25, 0.5, 0.75, 1]

/** What happened day by day. */
export function ByDay({ found, model }: { found: Analytics; model: string | null | undefined }): ReactNode {
  const t = useAdminMessages()
  const { count, seconds, share, day } = useFormats()
  const all = listEveryDay(found)
  const days = all.map((one) => day(one.day))
  const series = (
    key: keyof typeof t.figures,
    tone: Tone,
    value: (figures: AnalyticsFigures) => number | null | undefined,
  ): Series => ({
    key,
    tone,
    label: t.figures[key],
    values: all.map(({ counted }) => {
      const figures = getFigures(counted, model)
      return figures ? (value(figures) ?? null) : null
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
  const about = (name: keyof typeof t.pictures & keyof typeof t.defined) => ({
    days,
    title: t.pictures[name],
    defined: t.defined[name],
  })
  const slowest = Math.max(...times.flatMap(({ values }) => values.map(Number))) / 1_000
  const inMs = listTicks(slowest).map((tick) => tick * 1_000)
  return (
    <>
      <Chart {...about('volume')} kind="bars" series={volume} ticks={listWholeTicks(highest(volume))} format={count} />
      <Chart {...about('answer_time')} kind="lines" series={times} ticks={inMs} format={seconds} />
      <Chart {...about('outcome')} kind="lines" series={outcome} ticks={SHARES} format={share} />
      <Chart {...about('satisfaction')} kind="lines" series={satisfaction} ticks={SHARES} format={share} />
      <Chart
        {...about('verdicts')}
        kind="bars"
        series={verdicts}
        ticks={listWholeTicks(highest(verdicts))}
        format={count}
      />
    </>
  )
}

/** Of a day's bar. */
function highest(series: readonly Series[]): number {
  const days = series[0]?.values.length ?? 0
  const sums = Array.from({ length: days }, (_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0))
  return Math.max(...sums)
}
