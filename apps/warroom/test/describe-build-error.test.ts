import { test } from 'tap'
import { describeBuildError } from '../bin/describe-build-error.ts'

test('[RUN10] a bundler’s error is reduced to one line with its cause and place', async (t) => {
  const bundlerOutput = [
    'Build failed with 1 error:',
    '',
    '\u001b[31m[builtin:vite-transform] \u001b[0mUnexpected token',
    '    ╭─[ apps/warroom/src/main.tsx:15:11 ]',
    ' 15 │ const x = ;',
  ].join('\n')
  t.equal(
    describeBuildError(new Error(bundlerOutput)),
    '[builtin:vite-transform] Unexpected token (apps/warroom/src/main.tsx:15:11)',
  )
  t.equal(describeBuildError(new Error('ENOENT: no such file')), 'Error: ENOENT: no such file')
})
