import { Server } from 'node:net'
import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises'
import type { Api } from './deps.ts'

/** Long enough for whatever has just been accepted to send its request. */
const LINGER_MS = 250
const LONGEST_QUEUE_MS = 1_000

/**
 * A deploy is invisible: while the app closes, `readyz` says so and every answer asks its connection to end, but requests
 * are served for as long as a proxy needs to look elsewhere. Then nobody new is let in, and who is in gets an answer.
 */
export function registerDrain(app: Api, drain_ms: number): () => boolean {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
    if (!app.server.listening) return
    await after(drain_ms)
    await waitUntilIdle(app.server)
    Server.prototype.close.call(app.server) // http's own would cut connections off whose request is on its way
    await after(Math.min(drain_ms, LINGER_MS))
  })
  return () => closing
}

/** Node accepts one connection in a turn of its loop, and the system resets those that wait when it stops listening. */
async function waitUntilIdle(server: Server): Promise<void> {
  const latest = performance.now() + LONGEST_QUEUE_MS
  let knocked = true
  const knock = () => {
    knocked = true
  }
  server.on('connection', knock)
  while (knocked && performance.now() < latest) {
    knocked = false
    await nextTurn()
  }
  server.off('connection', knock)
}
