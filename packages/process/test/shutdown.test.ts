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

/** Runs the script, and signals it when it is up. */
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

t.test('[WORKER3] any number of signals is one shutdown, in order, past a step that fails', async (t) => {
  const steps = `
    async () => { console.log('first'); process.kill(process.pid, 'SIGTERM'); await new Promise(setImmediate) },
    async () => { throw new Error('no') },
    () => { throw new Error('no') },
    async () => { console.log('last'); clearInterval(openHandle) },
  `
  const { code, lines } = await run(createScript(steps))
  t.equal(code, 0)
  t.same(lines, ['up', 'closing', 'first', 'failed', 'failed', 'last', 'closed'])
})

t.test('[PROC3] a step that hangs is given up at the deadline, and the process exits with 1', async (t) => {
  const { code, lines } = await run(createScript('() => new Promise(() => {}), print("never")', 50))
  t.equal(code, 1)
  t.same(lines, ['up', 'closing'])
})

t.test('[PROC3] an open handle does not keep the process alive for long after its shutdown', async (t) => {
  const { code, lines } = await run(createScript('async () => {}'))
  t.equal(code, 0)
  t.same(lines, ['up', 'closing', 'closed'])
})
