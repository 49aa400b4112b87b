import { applyFrame, createRoomState, type RoomState } from '@engineer-chat/client'
import type { ServerFrame } from '@engineer-chat/protocol'
import { WebSocket } from 'ws'
import type { Interval } from '../check/intervals.ts'
import type { Caller } from '../load/caller.ts'
import type { Ledger } from '../load/ledger.ts'
import type { Random } from '../random.ts'
import { StrictRoom } from './strict-room.ts'

export interface FollowerOptions {
  url: string
  caller: Caller
  event_id: string
  ledger: Ledger
  random: Random
}

const PING_INTERVAL_MS = 2_000
/** A follower that has received nothing for this time reconnects. */
const MAX_SILENCE_MS = 6_000
/** A follower reconnects after a random time between these two, even if the connection works. */
const MIN_CONNECTION_MS = 3_000
const MAX_CONNECTION_MS = 20_000
const MIN_RECONNECT_PAUSE_MS = 50
const MAX_RECONNECT_PAUSE_MS = 800
const RESUBSCRIBE_PAUSE_MS = 500

/**
 * Follows one room over a socket. It reconnects until it is closed, and resumes from the last sequence number it has.
 */
export class Follower {
  readonly caller: Caller
  readonly room: StrictRoom
  /** Holds the state that the product's client builds from the same frames. */
  clientState: RoomState
  connectionCount = 0
  /**
   * Lists the pauses in which the follower waited before it connected again. They do not include the time that the
   * connection attempt took.
   */
  readonly pauses: Interval[] = []
  readonly #options: FollowerOptions
  #socket: WebSocket | undefined
  #timers: NodeJS.Timeout[] = []
  #isClosed = false
  #lastFrameAtMs = 0
  #connectedAtMs = 0

  constructor(options: FollowerOptions) {
    this.#options = options
    this.caller = options.caller
    const { username, role } = options.caller
    const report = (text: string) => options.ledger.addViolation(`${username} (${role}): ${text}`)
    this.room = new StrictRoom(options.event_id, report)
    this.clientState = createRoomState(options.event_id)
    this.#connect()
  }

  /** Describes the last sequence number and the connection. This may explain why a row is missing. */
  describe(): string {
    const seconds = ((performance.now() - this.#connectedAtMs) / 1_000).toFixed(1)
    const { event_id, lastSeq, isSubscribed } = this.room
    return `${this.caller.username} in ${event_id}: last sequence number ${lastSeq}, ${isSubscribed ? 'subscribed' : 'not subscribed'}, connection ${this.connectionCount} opened ${seconds} s ago`
  }

  close(): void {
    this.#isClosed = true
    this.#disconnect()
  }

  #connect(): void {
    if (this.#isClosed) return
    const { url, caller, random } = this.#options
    const headers = { authorization: `Bearer ${caller.token}` }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers, handshakeTimeout: 4_000 })
    this.#socket = socket
    this.#lastFrameAtMs = performance.now()
    this.#connectedAtMs = performance.now()
    this.room.onConnect()
    socket.on('open', () => {
      this.connectionCount += 1
      this.#subscribe(socket)
    })
    socket.on('message', (data) => this.#socket === socket && this.#receive(String(data)))
    socket.on('error', () => {})
    socket.on('unexpected-response', () => this.#reconnect(socket))
    socket.on('close', () => this.#reconnect(socket))
    this.#timers = [
      setInterval(() => this.#ping(socket), PING_INTERVAL_MS),
      setTimeout(() => this.#reconnect(socket), random.drawInteger(MIN_CONNECTION_MS, MAX_CONNECTION_MS)),
    ]
  }

  #subscribe(socket: WebSocket): void {
    const { event_id } = this.room
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq: this.room.lastSeq }))
    }
  }

  #receive(text: string): void {
    this.#lastFrameAtMs = performance.now()
    const { ledger, caller } = this.#options
    ledger.recordSeenIdentifiers(caller.user_id, text)
    const frame: ServerFrame = JSON.parse(text)
    this.room.receive(frame)
    if (frame.type === 'message') ledger.recordFinalRow(frame.message)
    if (frame.type === 'subscribed') for (const message of frame.messages) ledger.recordFinalRow(message)
    switch (frame.type) {
      case 'subscribed':
      case 'message':
      case 'event':
      case 'delta':
      case 'snapshot':
      case 'cursor':
      case 'presence':
        this.clientState = applyFrame(this.clientState, frame)
        return
      case 'error':
        this.#onError(frame)
        return
      case 'goaway':
        this.#onGoaway(frame.reconnect_after_ms)
        return
      case 'hello':
      case 'authenticated':
      case 'typing':
      case 'inbox':
      case 'pong':
        return
      default:
        frame satisfies never
    }
  }

  #onGoaway(reconnectAfterMs: number): void {
    const socket = this.#socket
    if (socket) this.#timers.push(setTimeout(() => this.#reconnect(socket), reconnectAfterMs))
  }

  /** Subscribes again if the room was unavailable. Any other error frame is a violation. */
  #onError({ code, event_id }: Extract<ServerFrame, { type: 'error' }>): void {
    const { ledger, caller } = this.#options
    const socket = this.#socket
    if (code !== 'unavailable')
      ledger.addViolation(`${caller.username} received an error frame ${code} for ${event_id}`)
    else if (socket) this.#timers.push(setTimeout(() => this.#subscribe(socket), RESUBSCRIBE_PAUSE_MS))
  }

  #ping(socket: WebSocket): void {
    if (performance.now() - this.#lastFrameAtMs > MAX_SILENCE_MS) this.#reconnect(socket)
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}')
  }

  #reconnect(socket: WebSocket): void {
    if (this.#socket !== socket) return
    this.#disconnect()
    const pauseMs = this.#options.random.drawInteger(MIN_RECONNECT_PAUSE_MS, MAX_RECONNECT_PAUSE_MS)
    this.pauses.push({ startMs: performance.now(), endMs: performance.now() + pauseMs })
    setTimeout(() => this.#connect(), pauseMs)
  }

  #disconnect(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
    this.#socket?.terminate()
    this.#socket = undefined
  }
}
