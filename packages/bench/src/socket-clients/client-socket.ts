import { connect, type Socket } from 'node:net'
import type { Dialect } from './dialects.ts'
import { encodeClientFrame, visitFrames } from './frames.ts'

/** Holds a socket's room and access token, and the sequence number after which it resumes. */
export interface Subscription {
  room: string
  token?: string
  last_seq?: number
}

const HEAD_END = '\r\n\r\n'
const TEXT_OPCODE = 1
const CLOSE_OPCODE = 8
const PING_OPCODE = 9
/** The payload of a close frame begins with a code of this length. The reason follows. */
const CLOSE_CODE_BYTES = 2
const FINAL_PONG_FRAME = 0x8a
const PONG = encodeClientFrame('').with(0, FINAL_PONG_FRAME)

/**
 * Represents a WebSocket client that does not parse the texts that it receives. It only compares their first bytes with
 * the texts of its dialect, because it shares the cores with the server.
 */
export class ClientSocket {
  /** Resolves when the last opening frame of the dialect has been received and answered. */
  readonly ready: Promise<void>
  readonly #socket: Socket
  readonly #dialect: Dialect
  readonly #subscription: Subscription
  readonly #onDelivery: (payload: Buffer) => void
  readonly #deliveryPrefixes: Buffer[]
  readonly #opened = Promise.withResolvers<void>()
  #unparsed: Buffer = Buffer.alloc(0)
  #isUpgraded = false
  #openingFrameCount = 0

  constructor(url: URL, dialect: Dialect, subscription: Subscription, onDelivery: (payload: Buffer) => void) {
    this.#dialect = dialect
    this.#subscription = subscription
    this.#onDelivery = onDelivery
    this.#deliveryPrefixes = dialect.deliveryPrefixes.map((text) => Buffer.from(text))
    this.ready = this.#opened.promise
    const request = createUpgradeRequest(dialect, subscription)
    this.#socket = connect(Number(url.port), url.hostname, () => this.#socket.write(request))
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk) => this.#read(chunk))
    this.#socket.on('error', (error) => this.#opened.reject(error))
    this.#socket.on('close', () => this.#opened.reject(new Error('The server has closed the socket.')))
  }

  close(): void {
    this.#socket.destroy()
  }

  #read(chunk: Buffer): void {
    let bytes = this.#unparsed.length === 0 ? chunk : Buffer.concat([this.#unparsed, chunk])
    if (!this.#isUpgraded) {
      const headLength = bytes.indexOf(HEAD_END)
      if (headLength < 0) {
        this.#unparsed = bytes
        return
      }
      const head = bytes.toString('latin1', 0, headLength)
      if (!head.startsWith('HTTP/1.1 101')) {
        this.#opened.reject(new Error(`The server has refused the upgrade: ${head}`))
        return
      }
      this.#isUpgraded = true
      bytes = bytes.subarray(headLength + HEAD_END.length)
    }
    this.#unparsed = visitFrames(bytes, (opcode, begin, end) => this.#onFrame(opcode, bytes.subarray(begin, end)))
  }

  #onFrame(opcode: number, payload: Buffer): void {
    if (opcode === PING_OPCODE) this.#socket.write(PONG)
    if (opcode === CLOSE_OPCODE)
      this.#opened.reject(new Error(`The server has closed the socket: ${payload.subarray(CLOSE_CODE_BYTES)}`))
    if (opcode !== TEXT_OPCODE) return
    const { openingFrames, heartbeat } = this.#dialect
    const openingFrame = openingFrames[this.#openingFrameCount]
    if (openingFrame && startsWith(payload, Buffer.from(openingFrame.expected))) this.#onOpeningFrame(openingFrame)
    else if (this.#deliveryPrefixes.some((prefix) => startsWith(payload, prefix))) this.#onDelivery(payload)
    else if (heartbeat && payload.toString('latin1') === heartbeat[0]) this.#sendText(heartbeat[1])
  }

  #onOpeningFrame({ createResponse }: Dialect['openingFrames'][number]): void {
    this.#openingFrameCount += 1
    if (createResponse) this.#sendText(createResponse(this.#subscription.room, this.#subscription.last_seq))
    if (this.#openingFrameCount === this.#dialect.openingFrames.length) this.#opened.resolve()
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

const startsWith = (payload: Buffer, prefix: Buffer): boolean =>
  payload.length >= prefix.length && payload.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
