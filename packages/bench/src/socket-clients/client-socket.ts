import { connect, type Socket } from 'node:net'
import type { Dialect } from './dialects.ts'
import { encodeClientFrame, visitFrames } from './frames.ts'

/** Says which room a socket follows, with which token, and from which number on. */
export interface Subscription {
  room: string
  token?: string
  last_seq?: number
}

const TEXT_OPCODE = 1
const CLOSE_OPCODE = 8
const PING_OPCODE = 9
const PONG = encodeClientFrame('').with(0, 0x8a)

/** Is a WebSocket that reads only the beginning of each frame. */
export class ClientSocket {
  /** Resolves when the handshake is over. */
  readonly ready: Promise<void>
  readonly #socket: Socket
  readonly #dialect: Dialect
  readonly #subscription: Subscription
  readonly #onDelivery: (frame: Buffer) => void
  readonly #deliveryPrefixes: Buffer[]
  readonly #handshakeResult = Promise.withResolvers<void>()
  #unparsed: Buffer = Buffer.alloc(0)
  #isUpgraded = false
  #finishedSteps = 0

  constructor(url: URL, dialect: Dialect, subscription: Subscription, onDelivery: (frame: Buffer) => void) {
    this.#dialect = dialect
    this.#subscription = subscription
    this.#onDelivery = onDelivery
    this.#deliveryPrefixes = dialect.deliveryPrefixes.map((text) => Buffer.from(text))
    this.ready = this.#handshakeResult.promise
    const request = createUpgradeRequest(dialect, subscription)
    this.#socket = connect(Number(url.port), url.hostname, () => this.#socket.write(request))
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#handshakeResult.reject(error))
    this.#socket.on('close', () => this.#handshakeResult.reject(new Error('The server has closed the socket.')))
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    let bytes = this.#unparsed.length === 0 ? chunk : Buffer.concat([this.#unparsed, chunk])
    if (!this.#isUpgraded) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) {
        this.#unparsed = bytes
        return
      }
      if (bytes.toString('latin1', 9, 12) !== '101') {
        this.#handshakeResult.reject(new Error(`No upgrade: ${bytes.toString('latin1', 0, end)}`))
        return
      }
      this.#isUpgraded = true
      bytes = bytes.subarray(end + 4)
    }
    this.#unparsed = visitFrames(bytes, (opcode, begin, end) => this.#onFrame(opcode, bytes.subarray(begin, end)))
  }

  #onFrame(opcode: number, frame: Buffer): void {
    if (opcode === PING_OPCODE) this.#socket.write(PONG)
    if (opcode === CLOSE_OPCODE) this.#handshakeResult.reject(new Error(`closed: ${frame.subarray(2)}`))
    if (opcode !== TEXT_OPCODE) return
    const { handshake, heartbeat } = this.#dialect
    const step = handshake[this.#finishedSteps]
    if (step && startsWith(frame, Buffer.from(step.expected))) this.#finishStep(step)
    else if (this.#deliveryPrefixes.some((prefix) => startsWith(frame, prefix))) this.#onDelivery(frame)
    else if (heartbeat && frame.toString('latin1') === heartbeat[0]) this.#sendText(heartbeat[1])
  }

  #finishStep({ createAnswer }: Dialect['handshake'][number]): void {
    this.#finishedSteps += 1
    if (createAnswer) this.#sendText(createAnswer(this.#subscription.room, this.#subscription.last_seq))
    if (this.#finishedSteps === this.#dialect.handshake.length) this.#handshakeResult.resolve()
  }

  #sendText(text: string): void {
    this.#socket.write(encodeClientFrame(text))
  }
}

function createUpgradeRequest(dialect: Dialect, { room, token }: Subscription): string {
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`
  return (
    `GET ${dialect.createPath(room)} HTTP/1.1\r\nhost: bench\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
    `sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n${authorization}\r\n`
  )
}

const startsWith = (frame: Buffer, prefix: Buffer): boolean =>
  frame.length >= prefix.length && frame.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
