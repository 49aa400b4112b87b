import { applyFrame, createRoomState, type RoomState } from '@engineer-chat/client'
import type { ServerFrame } from '@engineer-chat/protocol'
import { WebSocket } from 'ws'
import type { Caller } from '../load/caller.ts'
import type { Ledger } from '../load/ledger.ts'
import type { Random } from '../random.ts'
import { StrictRoom } from './strict.ts'

export interface FollowerOptions {
  url: string
  who: Caller
  event_id: string
  ledger: Ledger
  random: Random
}

const PING_MS = 2_000
const SILENCE_MS = 6_000
/** A follower leaves by itself after at most this long, and comes back. */
const LONGEST_STAY_MS = 20_000

/** Follows one room over a socket. It reconnects until it is closed, and resumes after the number that it reached. */
export class Follower {
  readonly who: Caller
  readonly room: StrictRoom
  /** Holds the same frames, merged by the client's own code. */
  merged: RoomState
  connections = 0
  readonly closes = new Map<string, number>()
  readonly #options: FollowerOptions
  #socket: WebSocket | undefined
  #timers: NodeJS.Timeout[] = []
  #isOver = false
  #receivedAt = 0

  constructor(options: FollowerOptions) {
    this.#options = options
    this.who = options.who
    const { username, role } = options.who
    const report = (text: string) => options.ledger.violation(`${username} (${role}): ${text}`)
    this.room = new StrictRoom(options.event_id, report)
    this.merged = createRoomState(options.event_id)
    this.#connect()
  }

  close(): void {
    this.#isOver = true
    this.#drop('over')
  }

  #connect(): void {
    if (this.#isOver) return
    const { url, who, random } = this.#options
    const headers = { authorization: `Bearer ${who.token}` }
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers, handshakeTimeout: 4_000 })
    this.#socket = socket
    this.#receivedAt = performance.now()
    this.room.connected()
    socket.on('open', () => {
      this.connections += 1
      this.#subscribe(socket)
    })
    socket.on('message', (data) => this.#socket === socket && this.#receive(String(data)))
    socket.on('error', () => {})
    socket.on('unexpected-response', (_request, response) => this.#reconnect(socket, `http ${response.statusCode}`))
    socket.on('close', (code) => this.#reconnect(socket, String(code)))
    this.#timers = [
      setInterval(() => this.#ping(socket), PING_MS),
      setTimeout(() => this.#reconnect(socket, 'own'), random.between(3_000, LONGEST_STAY_MS)),
    ]
  }

  #subscribe(socket: WebSocket): void {
    const { event_id } = this.room
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq: this.room.reached }))
    }
  }

  #receive(text: string): void {
    this.#receivedAt = performance.now()
    const { ledger, who } = this.#options
    ledger.addSeen(who.user_id, text)
    const frame: ServerFrame = JSON.parse(text)
    this.room.receive(frame)
    switch (frame.type) {
      case 'subscribed':
      case 'message':
      case 'event':
      case 'delta':
      case 'snapshot':
      case 'cursor':
      case 'presence':
        this.merged = applyFrame(this.merged, frame)
        return
      case 'error':
        this.#onError(frame)
        return
      case 'goaway':
        this.#goAway(frame.reconnect_after_ms)
        return
      case 'hello':
      case 'authenticated':
      case 'typing':
      case 'pong':
        return
      default:
        frame satisfies never
    }
  }

  #goAway(after_ms: number): void {
    const socket = this.#socket
    if (socket) this.#timers.push(setTimeout(() => this.#reconnect(socket, 'goaway'), after_ms))
  }

  #onError({ code, event_id }: Extract<ServerFrame, { type: 'error' }>): void {
    const { ledger, who } = this.#options
    const socket = this.#socket
    this.#count(`error ${code}`)
    if (code !== 'unavailable') ledger.violation(`${who.username}: an error frame ${code} for ${event_id}`)
    else if (socket) this.#timers.push(setTimeout(() => this.#subscribe(socket), 500))
  }

  #ping(socket: WebSocket): void {
    if (performance.now() - this.#receivedAt > SILENCE_MS) this.#reconnect(socket, 'silent')
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}')
  }

  #reconnect(socket: WebSocket, why: string): void {
    if (this.#socket !== socket) return
    this.#drop(why)
    setTimeout(() => this.#connect(), this.#options.random.between(50, 800))
  }

  #drop(why: string): void {
    this.#count(why)
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers = []
    this.#socket?.terminate()
    this.#socket = undefined
  }

  #count(why: string): void {
    this.closes.set(why, (this.closes.get(why) ?? 0) + 1)
  }
}
