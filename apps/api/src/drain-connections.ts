import { Server } from 'node:net'
import { setTimeout as sleep, setImmediate as waitForNextTurn } from 'node:timers/promises'
import type { Api } from './deps.ts'

/** After the last connection was accepted, the app waits at most this time for the request of that connection. */
const LINGER_MS = 250
const MAX_ACCEPT_MS = 1_000

/**
 * Makes the app close without losing a request. First, `readyz` reports that the app closes, and every response ends
 * its connection. Requests are still served for `drainMs`, in which a proxy chooses another node. Then new connections
 * are refused, and open ones get their responses. Returns a function that says whether the app is closing.
 */
export function registerDrain(app: Api, drainMs: number): () => boolean {
  let isClosing = false
  app.addHook('preClose', async () => {
    isClosing = true
    if (!app.server.listening) return
    await sleep(drainMs)
    await acceptWaitingConnections(app.server)
    // The close method of node:http would end connections whose request is still arriving.
    Server.prototype.close.call(app.server)
    await sleep(Math.min(drainMs, LINGER_MS))
  })
  return () => isClosing
}

/**
 * Accepts the connections that wait in the system's queue, for at most MAX_ACCEPT_MS, because the system resets them
 * when the server stops listening. Node accepts one connection per turn of its event loop.
 */
async function acceptWaitingConnections(server: Server): Promise<void> {
  const endsAtMs = performance.now() + MAX_ACCEPT_MS
  let hasAccepted = true
  const onConnection = () => {
    hasAccepted = true
  }
  server.on('connection', onConnection)
  while (hasAccepted && performance.now() < endsAtMs) {
    hasAccepted = false
    await waitForNextTurn()
  }
  server.off('connection', onConnection)
}
