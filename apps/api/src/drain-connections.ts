import { Server } from 'node:net'
import { setTimeout as sleep, setImmediate as waitForNextTurn } from 'node:timers/promises'
import type { Api } from './deps.ts'

/** A connection that was accepted last has this time to send its request. */
const LINGER_MS = 250
const MAX_ACCEPT_MS = 1_000

/**
 * Makes a deploy invisible: while the app closes, `readyz` says so and every answer asks its connection to end, but
 * requests are served for as long as a proxy needs to choose another node. Then no connection is accepted any more, and
 * those that are open get their answers.
 */
export function registerDrain(app: Api, drainMs: number): () => boolean {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    if (!app.server.listening) return
    await sleep(drainMs)
    await acceptWaitingConnections(app.server)
    // The close of node:http would cut connections off whose request is on its way.
    Server.prototype.close.call(app.server)
    await sleep(Math.min(drainMs, LINGER_MS))
  })
  return () => isClosing
}

/** Node accepts one connection in a turn of its loop, and the system resets those that wait when it stops listening. */
async function acceptWaitingConnections(server: Server): Promise<void> {
  const endsAt = performance.now() + MAX_ACCEPT_MS
  let hasAccepted = true
  const onConnection = () => {
    hasAccepted = true
  }
  server.on('connection', onConnection)
  while (hasAccepted && performance.now() < endsAt) {
    hasAccepted = false
    await waitForNextTurn()
  }
  server.off('connection', onConnection)
}
