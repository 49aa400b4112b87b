import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t from 'tap'

const SCRIPT = `
  import { createExitOnError } from '@engineer-chat/process/exit'
  class WrongSetting extends Error {}
  class ServerDown extends Error {}
  const errorClasses = { WrongSetting, ServerDown, Error }
  const runOrExit = createExitOnError({ configuration: [WrongSetting], unavailable: [ServerDown] })
  console.log(await runOrExit(() => 'read'))
  await runOrExit(() => { throw new errorClasses[process.argv[1]]('the reason') })
`

t.test(
  '[PROC6] an error that an operator can correct is printed without its stack and sets an exit code, unlike any other',
  async (t) => {
    const runAndCatch = (errorClass: string) =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', SCRIPT, errorClass], {
        cwd: import.meta.dirname,
      }).catch((error) => error)
    t.match(await runAndCatch('WrongSetting'), { code: 78, stdout: 'read\n', stderr: 'the reason\n' })
    t.match(await runAndCatch('ServerDown'), { code: 1, stdout: 'read\n', stderr: 'the reason\n' })
    t.match(await runAndCatch('Error'), { code: 1, stderr: /Error: the reason\n +at / })
  },
)
