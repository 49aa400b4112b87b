import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

const SCRIPT = `
  import { createExitOnError } from '@engineer-chat/process/exit'
  class Wrong extends Error {}
  class Away extends Error {}
  const kinds = { Wrong, Away, Error }
  const runOrExit = createExitOnError({ configuration: [Wrong], unavailable: [Away] })
  console.log(await runOrExit(() => 'read'))
  await runOrExit(() => { throw new kinds[process.argv[1]]('this is why') })
`

t.test(
  '[PROC6] an operator’s error is its message and an exit code of its kind; any other has its stack',
  async (t) => {
    const runAndCatch = (kind: string) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT, kind], {
        cwd: import.meta.dirname,
      }).catch((error) => error)
    t.match(await runAndCatch('Wrong'), { code: 78, stdout: 'read\n', stderr: 'this is why\n' })
    t.match(await runAndCatch('Away'), { code: 1, stdout: 'read\n', stderr: 'this is why\n' })
    t.match(await runAndCatch('Error'), { code: 1, stderr: /Error: this is why\n +at / })
  },
)
