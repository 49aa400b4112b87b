import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'

const createScript = (steps: string, deadlineMs = 60_000) => `
  import { shutDownOnSignals } from '@engineer-chat/process/shutdown'
  const openHandle = setInterval(() => {}, 1_000)
  const print = (text) => () => console.log(text)
  shutDownOnSignals([${steps}], {
    deadlineMs: ${deadlineMs}, onClosing: print('closing'), onClosed: print('closed'), onFailure: print('failed'),
  })
  console.log('up')
`

/** Runs the script, and sends SIGINT when the script has printed its first line. */
async function run(script: string): Promise<{ code: number | null; lines: string[] }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    if (output === '') child.kill('SIGINT')
    output += chunk
  })
  const [code] = await once(child, 'close')
  return { code, lines: output.trim().split('\n') }
}

t.test(
  '[WORKER3] several signals cause one shutdown, whose steps run in order, also after a step that fails',
  async (t) => {
    const steps = `
    async () => { console.log('first'); process.kill(process.pid, 'SIGTERM'); await new Promise(setImmediate) },
    async () => { throw new Error('no') },
    () => { throw new Error('no') },
    async () => { console.log('last'); clearInterval(openHandle) },
  `
    const { code, lines } = await run(createScript(steps))
    t.equal(code, 0)
    t.same(lines, ['up', 'closing', 'first', 'failed', 'failed', 'last', 'closed'])
  },
)

t.test('[PROC3] at the deadline the process exits with 1, even if a step hangs', async (t) => {
  const { code, lines } = await run(createScript('() => new Promise(() => {}), print("never")', 50))
  t.equal(code, 1)
  t.same(lines, ['up', 'closing'])
})

t.test('[PROC3] the process exits soon after its last step, even if a handle is open', async (t) => {
  const { code, lines } = await run(createScript('async () => {}'))
  t.equal(code, 0)
  t.same(lines, ['up', 'closing', 'closed'])
})
