import { test } from 'tap'
import { createTapReport, toCountsLine } from '../src/checks/tap-report.ts'

test('[HOUSE7] assertions are counted at every depth, and summaries of subtests are not', (t) => {
  const { line, printed, failures } = readReport(`
    # Subtest: one.test.ts
        # Subtest: outer
            ok 1 - a
            not ok 2 - b
            ok 3 - c # SKIP later
            1..3
        not ok 1 - outer
        ok 2 - d
        1..2
    not ok 1 - one.test.ts # time=12.4ms
    1..1
  `)
  t.equal(line, '2 passed, 1 failed, 1 skipped')
  t.match(printed, [/not ok: one\.test\.ts > outer > b/, /^FAILED one\.test\.ts \(12 ms\)$/])
  t.same(failures, ['not ok: one.test.ts > outer > b'])
  t.end()
})

test('[HOUSE7] a file that ends too early counts as a failure, even if its earlier assertions passed', (t) => {
  const { line } = readReport(`
    # Subtest: fine.test.ts
        ok 1 - a
        1..1
    ok 1 - fine.test.ts
    # Subtest: dead.test.ts
        ok 1 - b
        1..1
    not ok 2 - dead.test.ts
      ---
      exitCode: 1
      ...
    not ok 3 - empty.test.ts
    1..3
  `)
  t.equal(line, '2 passed, 2 failed', 'dead.test.ts and empty.test.ts failed')
  t.end()
})

test('[HOUSE7] a file without assertions is not counted if it passed', (t) => {
  t.equal(readReport('ok 1 - empty.test.ts\n1..1\n').line, '0 passed, 0 failed')
  t.equal(readReport('').line, '0 passed, 0 failed')
  t.end()
})

function readReport(document: string): { line: string; printed: string[]; failures: string[] } {
  const printed: string[] = []
  const { counts, failures, write, end } = createTapReport((text) => printed.push(text))
  write(Buffer.from(`TAP version 14\n${document.replace(/^ {4}/gm, '')}`))
  end()
  return { line: toCountsLine(counts), printed, failures }
}
