import { startRedis } from '@engineer-chat/local-stack'
import type { Test } from 'tap'

/** A Redis of the test's own, to be killed, paused and started again on its port. */
export async function privateRedis(t: Test) {
  const server = await startRedis({})
  t.teardown(() => server.stop())
  return {
    url: server.url,
    start: () => server.restart(),
    stop: () => server.kill(),
    signal: (signal: 'SIGSTOP' | 'SIGCONT') => process.kill(server.pid, signal),
  }
}
