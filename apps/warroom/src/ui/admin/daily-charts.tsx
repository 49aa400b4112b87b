import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useAdminMessages } from '../../i18n/admin-messages.ts'
import { getStats, listEveryDay } from './chart-data.ts'
import { Chart } from './charts/chart.tsx'
import { listTicks, listWholeTicks } from './charts/scale.ts'
import type { Series, Tone } from './charts/series.ts'
import { useFormats } from './format.ts'

const SHARE_TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Draws charts with one value or bar for each day. */
export function DailyCharts({
  analytics,
  model,
}: {
  analytics: Analytics
  model: string | null | undefined
}): ReactNode {
  const t = useAdminMessages()
  const { formatCount, formatSeconds, formatShare, formatDay } = useFormats()
  const days = listEveryDay(analytics)
  const dayLabels = days.map((entry) => formatDay(entry.day))
  const createSeries = (
    key: keyof typeof t.stats,
    tone: Tone,
    selectValue: (stats: AnalyticsFigures) => number | null | undefined,
  ): Series => ({
    key,
    tone,
    label: t.stats[key],
    values: days.map(({ counted }) => {
      const stats = getStats(counted, model)
      return stats ? (selectValue(stats) ?? null) : null
    }),
  })
  const volume = [
    createSeries('answered', 'first', ({ answered }) => answered),
    createSeries('cancelled', 'second', ({ cancelled }) => cancelled),
    createSeries('failed', 'bad', ({ failed }) => failed),
    createSeries('unfinished', 'idle', ({ unfinished }) => unfinished),
  ]
  const times = [
    createSeries('p50', 'first', ({ answer_ms }) => answer_ms?.p50),
    createSeries('p95', 'second', ({ answer_ms }) => answer_ms?.p95),
  ]
  const outcome = [
    createSeries('completion', 'first', ({ completion }) => completion),
    createSeries('abandonment', 'second', ({ abandonment }) => abandonment),
  ]
  const satisfaction = [createSeries('satisfaction', 'first', ({ satisfaction }) => satisfaction)]
  const verdicts = [
    createSeries('up', 'first', ({ verdicts }) => verdicts.up),
    createSeries('down', 'bad', ({ verdicts }) => verdicts.down),
  ]
  const toChartTexts = (name: keyof typeof t.chart_titles & keyof typeof t.definitions) => ({
    days: dayLabels,
    title: t.chart_titles[name],
    definition: t.definitions[name],
  })
  const slowestSeconds = Math.max(...times.flatMap(({ values }) => values.map(Number))) / 1_000
  const timeTicks = listTicks(slowestSeconds).map((tick) => tick * 1_000)
  return (
    <>
      <Chart
        {...toChartTexts('volume')}
        kind="bars"
        series={volume}
        ticks={listSumTicks(volume)}
        format={formatCount}
      />
      <Chart {...toChartTexts('answer_time')} kind="lines" series={times} ticks={timeTicks} format={formatSeconds} />
      <Chart {...toChartTexts('outcome')} kind="lines" series={outcome} ticks={SHARE_TICKS} format={formatShare} />
      <Chart
        {...toChartTexts('satisfaction')}
        kind="lines"
        series={satisfaction}
        ticks={SHARE_TICKS}
        format={formatShare}
      />
      <Chart
        {...toChartTexts('verdicts')}
        kind="bars"
        series={verdicts}
        ticks={listSumTicks(verdicts)}
        format={formatCount}
      />
    </>
  )
}

/** Lists the ticks of stacked bars, up to the highest sum of one day. */
function listSumTicks(series: readonly Series[]): number[] {
  const days = series[0]?.values.length ?? 0
  const sums = Array.from({ length: days }, (_, day) => series.reduce((sum, { values }) => sum + (values[day] ?? 0), 0))
  return listWholeTicks(Math.max(...sums))
}
