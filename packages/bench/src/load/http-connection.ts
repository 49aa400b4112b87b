import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/**
 * Runs one keep-alive connection with one request at a time. It reads only the status and the length of a response.
 * This takes a fifth of the processor time of a real client. The load generator shares its cores with the measured
 * server.
 */
export class HttpConnection {
  #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #waiting: { resolve(status: number): void; reject(error: Error): void } | undefined

  constructor(socket: Socket) {
    this.#socket = socket
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('The server has closed the connection.')))
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, 'connect')
    return new HttpConnection(socket)
  }

  /** Sends the bytes of a whole request. Resolves to the response's status once all of it has arrived. */
  send(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('The server has closed the connection.'))
      this.#waiting = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const end = this.#received.indexOf('\r\n\r\n')
    if (end < 0) return
    const head = this.#received.toString('latin1', 0, end)
    // A response without a length is never complete, so its request fails only when the server closes the connection.
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (!(this.#received.length >= end + 4 + Number(length))) return
    this.#received = Buffer.alloc(0)
    this.#waiting?.resolve(Number(head.slice(9, 12)))
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error)
    this.#socket.destroy()
  }
}
