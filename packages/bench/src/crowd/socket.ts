import { connect, type Socket } from 'node:net'
import type { Dialect } from './dialects.ts'
import { clientFrame, eachFrame } from './frames.ts'

export interface Seat {
  room: string
  token?: string
  last_seq?: number
}

const PONG = clientFrame('').with(0, 0x8a)

/** Is a WebSocket that reads only the beginning of each frame. */
export class CrowdSocket {
  readonly ready: Promise<void>
  readonly #socket: Socket
  readonly #dialect: Dialect
  readonly #seat: Seat
  readonly #deliver: (frame: Buffer) => void
  readonly #delivery: Buffer[]
  readonly #settled = Promise.withResolvers<void>()
  #rest: Buffer = Buffer.alloc(0)
  #upgraded = false
  #greeted = 0

  constructor(url: URL, dialect: Dialect, seat: Seat, deliver: (frame: Buffer) => void) {
    this.#dialect = dialect
    this.#seat = seat
    this.#deliver = deliver
    this.#delivery = dialect.delivery.map((text) => Buffer.from(text))
    this.ready = this.#settled.promise
    this.#socket = connect(Number(url.port), url.hostname, () => this.#socket.write(upgrade(dialect, seat)))
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#settled.reject(error))
    this.#socket.on('close', () => this.#settled.reject(new Error('A socket of the crowd was closed.')))
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (!this.#upgraded) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#rest = bytes
        return
      }
      if (bytes.toString('latin1', 9, 12) !== '101') {
        this.#settled.reject(new Error(`No upgrade: ${bytes.toString('latin1', 0, end)}`))
        return
      }
      this.#upgraded = true
      bytes = bytes.subarray(end + 4)
    }
    this.#rest = eachFrame(bytes, (opcode, begin, end) => this.#hear(opcode, bytes.subarray(begin, end)))
  }

  #hear(opcode: number, frame: Buffer): void {
    if (opcode === 9) this.#socket.write(PONG)
    if (opcode === 8) this.#settled.reject(new Error(`closed: ${frame.subarray(2)}`))
    if (opcode !== 1) return
    const step = this.#dialect.greeting[this.#greeted]
    if (step && begins(frame, Buffer.from(step.on))) this.#greet(step)
    else if (this.#delivery.some((beginning) => begins(frame, beginning))) this.#deliver(frame)
    else if (this.#dialect.ping && frame.toString('latin1') === this.#dialect.ping[0]) this.#say(this.#dialect.ping[1])
  }

  #greet({ send }: Dialect['greeting'][number]): void {
    this.#greeted += 1
    if (send) this.#say(send(this.#seat.room, this.#seat.last_seq))
    if (this.#greeted === this.#dialect.greeting.length) this.#settled.resolve()
  }

  #say(text: string): void {
    this.#socket.write(clientFrame(text))
  }
}

function upgrade(dialect: Dialect, { room, token }: Seat): string {
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`
  return (
    `GET ${dialect.path(room)} HTTP/1.1\r\nhost: bench\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
    `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${authorization}\r\n`
  )
}

const begins = (frame: Buffer, beginning: Buffer): boolean =>
  frame.length >= beginning.length && frame.compare(beginning, 0, beginning.length, 0, beginning.length) === 0
