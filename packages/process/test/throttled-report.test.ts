import { createThrottledReport } from '@engineer-chat/process/throttled-report'
import t from 'tap'

t.test('the first event is reported immediately, and later ones once a minute with their number', async (t) => {
  let nowMs = 0
  const lines: string[] = []
  const report = createThrottledReport(
    (count, name: string) => lines.push(`${count} ${name}`),
    () => nowMs,
  )
  for (const name of ['a', 'b', 'c']) report(name)
  t.same(lines, ['1 a'])
  nowMs = 59_999
  report('d')
  t.same(lines, ['1 a'])
  nowMs = 60_000
  report('e')
  t.same(lines, ['1 a', '4 e'])
})
