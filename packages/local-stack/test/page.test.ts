import { join } from 'node:path'
import { test } from 'tap'
import { buildPage } from '../src/start/build-page.ts'

test('[RUN10] if the page can’t be built, one line names the cause; otherwise nothing is printed', async (t) => {
  const folder = t.testdir({
    'good.mjs': 'console.log("The page is up to date.")',
    'bad.mjs': 'console.error("✗ Build failed\\n[BAD] Unexpected token (main.tsx:15:11)"); process.exitCode = 1',
  })
  const lines: string[] = []
  await buildPage(join(folder, 'good.mjs'), (line) => lines.push(line))
  t.same(lines, [])
  await buildPage(join(folder, 'bad.mjs'), (line) => lines.push(line))
  t.equal(lines.length, 1)
  t.match(lines[0], /couldn't be built.*: \[BAD\] Unexpected token \(main\.tsx:15:11\)$/)
  t.notMatch(lines[0], '\n')
})
