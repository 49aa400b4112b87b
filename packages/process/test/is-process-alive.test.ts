import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { isProcessAlive } from '@engineer-chat/process/is-process-alive'
import t from 'tap'

t.test('[DOCTOR5] a process is alive until it has ended', async (t) => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'])
  const { pid = 0 } = child
  t.ok(isProcessAlive(pid))
  child.stdin.end()
  await once(child, 'exit')
  t.notOk(isProcessAlive(pid))
})
