import { createRareReport } from '@engineer-chat/process/rare-report'
import t from 'tap'

t.test('the first event is reported at once, and later ones once a minute with their count', async (t) => {
  let nowMs = 0
  const lines: string[] = []
  const report = createRareReport(
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
