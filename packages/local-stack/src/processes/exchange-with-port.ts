import { connect } from 'node:net'

/**
 * Connects to 127.0.0.1, sends `request` if there is one, and returns the first bytes that come back. Returns undefined
 * when nothing listens on the port or no byte arrives within a second.
 */
export function exchangeWithPort(port: number, request?: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
    const finish = (answer?: Buffer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => request && socket.write(request))
    socket.once('data', finish)
    socket.once('timeout', () => finish())
    socket.once('error', () => finish())
    socket.once('end', () => finish())
  })
}
