import { test } from 'tap'
import { listEveryDay, sumCalls } from '../src/ui/admin/charts/chart-data.ts'
import { chooseLabelIndexes, findRuns, listTicks, listWholeTicks, placeMark } from '../src/ui/admin/charts/scale.ts'

test('[ROOM22] an axis has round values up to the highest value, and labels as many days as fit', async (t) => {
  t.same(listTicks(80), [0, 50, 100])
  t.same(listTicks(7.2), [0, 2.5, 5, 7.5])
  t.same(listTicks(0), [0, 1])
  t.same(listWholeTicks(2), [0, 1, 2])
  for (const maxValue of [0.3, 1, 7, 99, 1_234_567]) {
    const highestTick = listTicks(maxValue).at(-1) ?? 0
    t.ok(highestTick >= maxValue, `${maxValue}`)
  }
  const labelWidthPx = 64
  t.same(chooseLabelIndexes(7, 700, labelWidthPx), [0, 1, 2, 3, 4, 5, 6], '7 days on 700 px')
  t.same(chooseLabelIndexes(30, 300, labelWidthPx), [1, 8, 15, 22, 29], '30 days on 300 px')
})

test('[ROOM22] the marks of a span have their centre at their value, as far as they fit into the bar', async (t) => {
  t.same(
    [0, 0.5, 50, 99.5, 100].map((percent) => placeMark(percent, 2)),
    [0, 0, 49, 98, 98],
  )
})

test('[ROOM22] days without counts are gaps, not zeros', async (t) => {
  t.same(findRuns([1, null, 2, 3, null]), [[0], [2, 3]])
  const listedDays = listEveryDay({ from: '2026-02-27', to: '2026-03-02', days: [] })
  t.same(
    listedDays.map(({ day }) => day),
    ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'],
  )
})

test('[ROOM23] calls are added up by the configured model, and an unknown cost is not shown as zero', async (t) => {
  const createCalls = (model_id: string, made: number, cost_micros: number | null) => ({
    model_id,
    made,
    cost_micros,
    failed: 1,
    cancelled: 0,
    prompt_tokens: 10,
    completion_tokens: 1,
  })
  const createDay = (day: string, ...dayCalls: ReturnType<typeof createCalls>[]) => ({ day, calls: dayCalls }) as never
  const range = { from: '2026-03-01', to: '2026-03-03' }
  const days = [
    createDay('2026-03-01', createCalls('deepseek', 2, 5), createCalls('qwen', 1, null)),
    createDay('2026-03-03', createCalls('deepseek', 3, null)),
  ]
  const callsByModel = sumCalls({ ...range, days, models: [], all: {} as never, session_figures: {} as never })
  t.match(callsByModel.get('deepseek'), { made: 5, failed: 2, prompt_tokens: 20, cost_micros: 5, by_day: [2, 0, 3] })
  t.equal(callsByModel.get('qwen')?.cost_micros, null)
})
