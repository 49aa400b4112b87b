import type { Analytics, AnalyticsFigures } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import type { AdminCatalog } from '../../../i18n/admin/en.ts'
import { useAdminMessages } from '../../../i18n/admin-messages.ts'
import { useFormats } from '../format.ts'
import { Chart } from './chart.tsx'
import { findStats, listEveryDay } from './chart-data.ts'
import { listTicks, listWholeTicks } from './scale.ts'
import type { Series, Tone } from './series.ts'

const SHARE_TICKS = [0, 0.25, 0.5, 0.75, 1]

/** Draws charts with one value or bar for each day, of one model, or of all if `model` is undefined. */
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
  const dayLabels = days.map(({ day }) => formatDay(day))
  const { volume, answerTimes, outcome, satisfaction, verdicts } = createDailySeries(days, model, t.stats)
  const toChartProps = (name: keyof typeof t.chart_titles & keyof typeof t.definitions) => ({
    days: dayLabels,
    title: t.chart_titles[name],
    definition: t.definitions[name],
  })
  const slowestMs = Math.max(...answerTimes.flatMap(({ values }) => values.map((value) => value ?? 0)))
  // The ticks are round in seconds, because the axis shows seconds.
  const answerTimeTicksMs = listTicks(slowestMs / 1_000).map((seconds) => seconds * 1_000)
  return (
    <>
      <Chart
        {...toChartProps('volume')}
        kind="bars"
        series={volume}
        ticks={listSumTicks(volume)}
        format={formatCount}
      />
      <Chart
        {...toChartProps('answer_time')}
        kind="lines"
        series={answerTimes}
        ticks={answerTimeTicksMs}
        format={formatSeconds}
      />
      <Chart {...toChartProps('outcome')} kind="lines" series={outcome} ticks={SHARE_TICKS} format={formatShare} />
      <Chart
        {...toChartProps('satisfaction')}
        kind="lines"
        series={satisfaction}
        ticks={SHARE_TICKS}
        format={formatShare}
      />
      <Chart
        {...toChartProps('verdicts')}
        kind="bars"
        series={verdicts}
        ticks={listSumTicks(verdicts)}
        format={formatCount}
      />
    </>
  )
}

/** Creates the series of all charts. */
function createDailySeries(
  days: ReturnType<typeof listEveryDay>,
  model: string | null | undefined,
  labels: AdminCatalog['stats'],
) {
  const createSeries = (
    key: keyof AdminCatalog['stats'],
    tone: Tone,
    selectValue: (stats: AnalyticsFigures) => number | null | undefined,
  ): Series => ({
    key,
    tone,
    label: labels[key],
    values: days.map(({ counted }) => {
      const stats = counted && findStats(counted, model)
      return stats ? (selectValue(stats) ?? null) : null
    }),
  })
  return {
    volume: [
      createSeries('answered', 'first', ({ answered }) => answered),
      createSeries('cancelled', 'second', ({ cancelled }) => cancelled),
      createSeries('failed', 'bad', ({ failed }) => failed),
      createSeries('unfinished', 'idle', ({ unfinished }) => unfinished),
    ],
    answerTimes: [
      createSeries('p50', 'first', ({ answer_ms }) => answer_ms?.p50),
      createSeries('p95', 'second', ({ answer_ms }) => answer_ms?.p95),
    ],
    outcome: [
      createSeries('completion', 'first', ({ completion }) => completion),
      createSeries('abandonment', 'second', ({ abandonment }) => abandonment),
    ],
    satisfaction: [createSeries('satisfaction', 'first', ({ satisfaction }) => satisfaction)],
    verdicts: [
      createSeries('up', 'first', ({ verdicts }) => verdicts.up),
      createSeries('down', 'bad', ({ verdicts }) => verdicts.down),
    ],
  }
}

/** Lists the ticks of stacked bars, up to the highest sum of one day. */
function listSumTicks(series: readonly Series[]): number[] {
  const dayCount = series[0]?.values.length ?? 0
  const sumDay = (dayIndex: number) => series.reduce((sum, { values }) => sum + (values[dayIndex] ?? 0), 0)
  const daySums = Array.from({ length: dayCount }, (_, dayIndex) => sumDay(dayIndex))
  return listWholeTicks(Math.max(...daySums))
}
