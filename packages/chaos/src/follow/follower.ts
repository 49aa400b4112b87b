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

const PING_MS = 2_000
const MAX_SILENCE_MS = 6_000
/** A follower disconnects after at most this time, and connects again. */
const MAX_CONNECTION_MS = 20_000

/** Follows one room over a socket. It reconnects until it is closed, and resumes after the number that it reached. */
export class Follower {
  readonly caller: Caller
  readonly room: StrictRoom
  /** Is the state that the product's client makes of the same frames. */
  clientState: RoomState
  connectionCount = 0
  readonly disconnectCounts = new Map<string, number>()
  /** Lists the times in which it waited before it connected again. */
  readonly pauses: Interval[] = []
  readonly #options: FollowerOptions
  #socket: WebSocket | undefined
  #timers: NodeJS.Timeout[] = []
  #isClosed = false
  #receivedAtMs = 0
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

  /** Describes where it stands, for a reader who looks for what it missed. */
  describe(): string {
    const seconds = ((performance.now() - this.#connectedAtMs) / 1_000).toFixed(1)
    const { event_id, lastSeq, isSubscribed } = this.room
    return `${this.caller.username} in ${event_id}: reached ${lastSeq}, ${isSubscribed ? 'subscribed' : 'not subscribed'}, connection ${this.connectionCount} since ${seconds} s`
  }

  close(): void {
    this.#isClosed = true
    this.#disconnect('closed')
  }

  #connect(): void {
    if (this.#isClosed) return
    const { url, caller, random } = this.#options
    const headers = { authorization: `Bearer ${caller.token}` }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers, handshakeTimeout: 4_000 })
    this.#socket = socket
    this.#receivedAtMs = performance.now()
    this.#connectedAtMs = performance.now()
    this.room.onConnect()
    socket.on('open', () => {
      this.connectionCount += 1
      this.#subscribe(socket)
    })
    socket.on('message', (data) => this.#socket === socket && this.#receive(String(data)))
    socket.on('error', () => {})
    socket.on('unexpected-response', (_request, response) => this.#reconnect(socket, `http ${response.statusCode}`))
    socket.on('close', (code) => this.#reconnect(socket, String(code)))
    this.#timers = [
      setInterval(() => this.#ping(socket), PING_MS),
      setTimeout(() => this.#reconnect(socket, 'own decision'), random.drawInteger(3_000, MAX_CONNECTION_MS)),
    ]
  }

  #subscribe(socket: WebSocket): void {
    const { event_id } = this.room
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq: this.room.lastSeq }))
    }
  }

  #receive(text: string): void {
    this.#receivedAtMs = performance.now()
    const { ledger, caller } = this.#options
    ledger.recordSeen(caller.user_id, text)
    const frame: ServerFrame = JSON.parse(text)
    this.room.receive(frame)
    if (frame.type === 'message') ledger.recordRow(frame.message)
    if (frame.type === 'subscribed') for (const message of frame.messages) ledger.recordRow(message)
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

  #onGoaway(afterMs: number): void {
    const socket = this.#socket
    if (socket) this.#timers.push(setTimeout(() => this.#reconnect(socket, 'goaway'), afterMs))
  }

  #onError({ code, event_id }: Extract<ServerFrame, { type: 'error' }>): void {
    const { ledger, caller } = this.#options
    const socket = this.#socket
    this.#countDisconnect(`error ${code}`)
    if (code !== 'unavailable') ledger.addViolation(`${caller.username}: an error frame ${code} for ${event_id}`)
    else if (socket) this.#timers.push(setTimeout(() => this.#subscribe(socket), 500))
  }

  #ping(socket: WebSocket): void {
    if (performance.now() - this.#receivedAtMs > MAX_SILENCE_MS) this.#reconnect(socket, 'silent')
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}')
  }

  #reconnect(socket: WebSocket, reason: string): void {
    if (this.#socket !== socket) return
    this.#disconnect(reason)
    const pauseMs = this.#options.random.drawInteger(50, 800)
    this.pauses.push({ startMs: performance.now(), endMs: performance.now() + pauseMs })
    setTimeout(() => this.#connect(), pauseMs)
  }

  #disconnect(reason: string): void {
    this.#countDisconnect(reason)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
    this.#socket?.terminate()
    this.#socket = undefined
  }

  #countDisconnect(reason: string): void {
    this.disconnectCounts.set(reason, (this.disconnectCounts.get(reason) ?? 0) + 1)
  }
}
