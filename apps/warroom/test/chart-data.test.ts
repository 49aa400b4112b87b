import { test } from 'tap'
import { listEveryDay, sumCalls } from '../src/ui/admin/chart-data.ts'
import { chooseLabelIndexes, findRuns, listTicks, listWholeTicks } from '../src/ui/admin/charts/scale.ts'

test('[ROOM22] an axis has round values up to the highest value, and labels as many days as fit', async (t) => {
  t.same(listTicks(80), [0, 50, 100])
  t.same(listTicks(7.2), [0, 2.5, 5, 7.5])
  t.same(listTicks(0), [0, 1])
  t.same(listWholeTicks(2), [0, 1, 2])
  for (const top of [0.3, 1, 7, 99, 1_234_567]) t.ok((listTicks(top).at(-1) ?? 0) >= top, `${top}`)
  t.same(chooseLabelIndexes(7, 700, 64), [0, 1, 2, 3, 4, 5, 6])
  t.same(chooseLabelIndexes(30, 300, 64), [1, 8, 15, 22, 29])
})

test('[ROOM22] days without counts are gaps, not zeros', async (t) => {
  t.same(findRuns([1, null, 2, 3, null]), [[0], [2, 3]])
  const found = listEveryDay({ from: '2026-02-27', to: '2026-03-02', days: [] })
  t.same(
    found.map(({ day }) => day),
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
    createDay('2026-03-01', createCalls('a', 2, 5), createCalls('b', 1, null)),
    createDay('2026-03-03', createCalls('a', 3, null)),
  ]
  const used = sumCalls({ ...range, days, models: [], all: {} as never, session_figures: {} as never })
  t.match(used.get('a'), { made: 5, failed: 2, prompt_tokens: 20, cost_micros: 5, by_day: [2, 0, 3] })
  t.equal(used.get('b')?.cost_micros, null)
})
