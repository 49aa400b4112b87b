import { Server } from 'node:net'
import { setTimeout as sleep, setImmediate as waitForNextTurn } from 'node:timers/promises'
import type { Api } from './deps.ts'

/** The connection that was accepted last has this many milliseconds to send its request. */
const LINGER_MS = 250
const MAX_ACCEPT_MS = 1_000

/**
 * Closes the app without losing a request. While it closes, `readyz` reports it and every response ends its
 * connection, but requests are served until a proxy has chosen another node. Then new connections are refused, and
 * open ones get their responses. Returns a function that reports whether the app closes.
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
 * Node accepts one connection per turn of its event loop, and the system resets the waiting ones when it stops
 * listening.
 */
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
