import { connect } from 'node:net'

/**
 * Connects to 127.0.0.1, says `request` if there is one, and answers with the first bytes that come back: undefined when
 * nobody is there or nothing is said within a second.
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
