import type { Server } from 'node:http'

/** Listens on a free port and prints `ready <url>`, which the bench waits for. */
export function listen(server: Server, path = ''): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
    console.log(`ready http://127.0.0.1:${address.port}${path}`)
  })
}
