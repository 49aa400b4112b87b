import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// The range is below the ports of outgoing connections, so that no connection takes a server's port during a restart.
const LOWEST_PORT = 20_000
const HIGHEST_PORT = 32_000
const MAX_ATTEMPTS = 50

/** Returns a port of 127.0.0.1 on which nothing listens. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT)
    if (await isFree(port)) return port
  }
  throw new Error(`No free port between ${LOWEST_PORT} and ${HIGHEST_PORT} on 127.0.0.1.`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
