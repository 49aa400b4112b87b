import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'

/**
 * Runs one keep-alive connection with one request at a time. It reads only the status and the length of a response,
 * because the load generator shares the cores with the measured server. A complete HTTP client needs five times as much
 * processor time.
 */
export class HttpConnection {
  #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #pendingResponse: { resolve(status: number): void; reject(error: Error): void } | undefined

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

  /** Sends the bytes of a whole request. Resolves to the status when the whole response has arrived. */
  send(request: string): Promise<number> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('The server has closed the connection.'))
      this.#pendingResponse = { resolve, reject }
      this.#socket.write(request)
    })
  }

  close(): void {
    this.#socket.removeAllListeners('close').destroy()
  }

  #read(chunk: Buffer): void {
    this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const headLength = this.#received.indexOf(HEAD_END)
    if (headLength < 0) return
    const head = this.#received.toString('latin1', 0, headLength)
    const [, bodyLength] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
    // A response without a length is never complete, so its request fails only when the server closes the connection.
    if (bodyLength === undefined) return
    if (this.#received.length < headLength + HEAD_END.length + Number(bodyLength)) return
    this.#received = Buffer.alloc(0)
    this.#pendingResponse?.resolve(readStatus(head))
  }

  #fail(error: Error): void {
    this.#pendingResponse?.reject(error)
    this.#socket.destroy()
  }
}

/** Reads the status from a response's head, which begins as `HTTP/1.1 200`. */
const readStatus = (head: string): number => Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length))
