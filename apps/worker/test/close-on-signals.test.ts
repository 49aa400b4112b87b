import { spawn } from 'node:child_process'
import { once } from 'node:events'
import t from 'tap'

const SCRIPT = `
  import { closeOnSignals } from '${new URL('../src/close-on-signals.ts', import.meta.url)}'
  const log = { info: (event) => console.log(event), warn() {}, error: (event) => console.log(event) }
  const held = setInterval(() => {}, 1_000)
  closeOnSignals(log, [
    async () => { console.log('first'); process.kill(process.pid, 'SIGTERM'); await new Promise(setImmediate) },
    async () => { throw new Error('no') },
    async () => { console.log('last'); clearInterval(held) },
  ])
  console.log('up')
`

t.test(
  '[WORKER3] any number of signals is one close, in order, past a part that fails, and the process ends',
  async (t) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      if (output === '') child.kill('SIGINT')
      output += chunk
    })
    t.strictSame(await once(child, 'exit'), [0, null])
    t.strictSame(output.trim().split('\n'), [
      'up',
      'EngineerChat.worker_closing',
      'first',
      'EngineerChat.close_failed',
      'last',
      'EngineerChat.worker_closed',
    ])
  },
)
