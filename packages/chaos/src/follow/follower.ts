import { applyFrame, createRoomState, type RoomFrame, type RoomState } from '@engineer-chat/client'
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
/** Of its own accord it leaves after up to this long, and comes back. */
const LONGEST_STAY_MS = 20_000

/** A socket that follows one room, comes back for as long as it isn't closed, and goes on after the number it reached. */
export class Follower {
  readonly who: Caller
  readonly room: StrictRoom
  /** The same frames, merged by the client's own code. */
  merged: RoomState
  connections = 0
  readonly closes = new Map<string, number>()
  readonly #options: FollowerOptions
  #socket: WebSocket | undefined
  #timers: NodeJS.Timeout[] = []
  #isOver = false
  #heardAt = 0

  constructor(options: FollowerOptions) {
    this.#options = options
    this.who = options.who
    const { username, role } = options.who
    const say = (text: string) => options.ledger.violation(`${username} (${role}): ${text}`)
    this.room = new StrictRoom(options.event_id, say)
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
    this.#heardAt = performance.now()
    this.room.connected()
    socket.on('open', () => {
      this.connections += 1
      this.#subscribe(socket)
    })
    socket.on('message', (data) => this.#socket === socket && this.#hear(String(data)))
    socket.on('error', () => {})
    socket.on('unexpected-response', (_request, response) => this.#again(socket, `http ${response.statusCode}`))
    socket.on('close', (code) => this.#again(socket, String(code)))
    this.#timers = [
      setInterval(() => this.#beat(socket), PING_MS),
      setTimeout(() => this.#again(socket, 'own'), random.between(3_000, LONGEST_STAY_MS)),
    ]
  }

  #subscribe(socket: WebSocket): void {
    const { event_id } = this.room
    if (socket.readyState === WebSocket.OPEN) {
      socket.send(JSON.stringify({ type: 'subscribe', event_id, last_seq: this.room.reached }))
    }
  }

  #hear(text: string): void {
    this.#heardAt = performance.now()
    const { ledger, who } = this.#options
    ledger.hears(who.user_id, text)
    const frame = JSON.parse(text) as ServerFrame
    if (frame.type === 'error') this.#refused(frame)
    if (frame.type === 'goaway') this.#goAway(frame.reconnect_after_ms)
    this.room.take(frame)
    if (MERGED.has(frame.type)) this.merged = applyFrame(this.merged, frame as RoomFrame)
  }

  #goAway(after_ms: number): void {
    const socket = this.#socket
    if (socket) this.#timers.push(setTimeout(() => this.#again(socket, 'goaway'), after_ms))
  }

  #refused({ code, event_id }: Extract<ServerFrame, { type: 'error' }>): void {
    const { ledger, who } = this.#options
    const socket = this.#socket
    this.#count(`error ${code}`)
    if (code !== 'unavailable') ledger.violation(`${who.username}: an error frame ${code} for ${event_id}`)
    else if (socket) this.#timers.push(setTimeout(() => this.#subscribe(socket), 500))
  }

  #beat(socket: WebSocket): void {
    if (performance.now() - this.#heardAt > SILENCE_MS) this.#again(socket, 'silent')
    else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}')
  }

  #again(socket: WebSocket, why: string): void {
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

const MERGED = new Set<string>(['subscribed', 'message', 'event', 'delta', 'snapshot', 'cursor', 'presence'])
