import type { FrameError, GoAway, ServerFrame } from '@engineer-chat/protocol'
import { type Backoff, backoffMs } from '../backoff.ts'
import type { Client } from '../client.ts'
import { Listeners, type Unsubscribe } from '../listeners.ts'
import { ApiProblem } from '../problem.ts'
import { type Connection, isSignedOut, openConnection, type Probe, toSocketUrl } from './connection.ts'
import { type Reauthentication, reauthenticate } from './reauthenticate.ts'
import { openRoom } from './room.ts'
import type { Room } from './room-interface.ts'
import { SharedRoom } from './shared-room.ts'

/** `signed_out` means that the sign-in has ended: sign in and call `reconnect`. */
export type SocketState = 'connecting' | 'open' | 'waiting' | 'signed_out' | 'closed'

export interface SocketOptions {
  WebSocket?: typeof WebSocket
  backoff?: Partial<Backoff>
  helloWithinMs?: number
  /** After a connection that lasted this long, waits begin small again. */
  goodAfterMs?: number
  probe?: Probe
}

export interface Socket {
  readonly state: SocketState
  /** Is the time since when nothing comes: of the last frame, or of the close; null while it is open. */
  readonly lostAt: number | null
  on(event: 'state', listener: (state: SocketState) => void): Unsubscribe
  on(event: 'frame', listener: (frame: ServerFrame) => void): Unsubscribe
  /** Subscribes to a room now and after each reconnect. */
  room(event_id: string): Room
  /** Ends the wait and connects at once: the machine is online again, or somebody signed in. */
  reconnect(): void
  /** Gives the connection up and tries again with backoff: the machine has no network. */
  lose(): void
  close(): void
}

type Timer = ReturnType<typeof setTimeout>

const BACKOFF: Backoff = { firstMs: 500, maxMs: 15_000, random: Math.random }
const REFUSALS = new Set(['forbidden', 'event_not_found', 'too_many_rooms'])

/** Opens a socket that reconnects until it is closed, and resumes each room where it was. */
export function openSocket(client: Client, options: SocketOptions = {}): Socket {
  return new ResumingSocket(client, options)
}

class ResumingSocket implements Socket {
  readonly #client: Client
  readonly #options: SocketOptions
  readonly #backoff: Backoff
  readonly #helloWithinMs: number
  readonly #states = new Listeners<SocketState>()
  readonly #frames = new Listeners<ServerFrame>()
  readonly #rooms = new Map<string, SharedRoom>()
  readonly #again = new Map<string, Timer>()
  readonly #reauthentication: Reauthentication
  #state: SocketState = 'connecting'
  #connection: Connection | undefined
  #openedAt = 0
  #lostAt: number | null = Date.now()
  #attempts = 0
  #timer: Timer | undefined
  /** Numbers the connects; a response to an older one is ignored. */
  #turn = 0

  constructor(client: Client, options: SocketOptions) {
    this.#client = client
    this.#options = options
    this.#backoff = { ...BACKOFF, ...options.backoff }
    this.#helloWithinMs = options.helloWithinMs ?? 10_000
    this.#reauthentication = reauthenticate(client, (access_token) =>
      this.#connection?.send({ type: 'auth', access_token }),
    )
    void this.#connect()
  }

  get state(): SocketState {
    return this.#state
  }

  get lostAt(): number | null {
    return this.#lostAt
  }

  on(event: 'state' | 'frame', listener: ((state: SocketState) => void) & ((frame: ServerFrame) => void)): Unsubscribe {
    return event === 'state' ? this.#states.add(listener) : this.#frames.add(listener)
  }

  room(event_id: string): Room {
    let shared = this.#rooms.get(event_id)
    if (!shared) {
      shared = new SharedRoom(event_id)
      this.#rooms.set(event_id, shared)
      if (this.#state === 'open') this.#connection?.send(shared.subscribe())
    }
    return openRoom(shared, this.#client, {
      typing: () => this.#connection?.send({ type: 'typing', event_id }),
      leave: () => this.#leave(event_id),
    })
  }

  reconnect(): void {
    if (this.#state !== 'waiting' && this.#state !== 'signed_out') return
    this.#attempts = 0
    void this.#connect()
  }

  lose(): void {
    if (this.#state !== 'open' && this.#state !== 'connecting') return
    this.#lostAt ??= Date.now()
    this.#drop()
    this.#connectLater(0)
  }

  close(): void {
    this.#end('closed')
    this.#reauthentication.end()
  }

  async #connect(): Promise<void> {
    this.#drop()
    const turn = this.#turn
    this.#become('connecting')
    try {
      const { ticket } = await this.#client.wsTicket({ timeoutMs: this.#helloWithinMs })
      if (turn === this.#turn) this.#connection = this.#open(ticket)
    } catch (error) {
      if (turn !== this.#turn) return
      if (error instanceof ApiProblem && error.status === 401) return this.#end('signed_out')
      this.#connectLater(error instanceof ApiProblem ? (error.retryAfterMs ?? 0) : 0)
    }
  }

  #open(ticket: string): Connection {
    return openConnection({
      url: toSocketUrl(this.#client.baseUrl, ticket),
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      helloWithinMs: this.#helloWithinMs,
      onFrame: (frame) => this.#take(frame),
      probe: this.#options.probe,
      onEnd: (code, since) => void this.#ended(code, since),
    })
  }

  async #ended(code: number, since: number): Promise<void> {
    this.#lostAt ??= since
    this.#drop({ keepTimer: true })
    if (this.#timer) return this.#become('waiting') // A `goaway` has already set the time of the reconnect.
    if (Date.now() - this.#openedAt >= (this.#options.goodAfterMs ?? 5_000)) this.#attempts = 0
    const turn = this.#turn
    if (isSignedOut(code)) {
      this.#become('connecting')
      const over = await this.#client.refresh().then(() => false, isFinal)
      if (turn !== this.#turn) return
      if (over) return this.#end('signed_out')
    }
    this.#connectLater(0)
  }

  #connectLater(atLeastMs: number): void {
    this.#become('waiting')
    this.#connectIn(atLeastMs + backoffMs(this.#backoff, this.#attempts))
    this.#attempts += 1
  }

  #connectIn(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#connect(), ms)
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
        this.#greeted()
        break
      case 'goaway':
        this.#goAway(frame)
        break
      case 'error':
        this.#refused(frame)
        break
      case 'authenticated':
      case 'pong':
        break
      default:
        this.#rooms.get(frame.event_id)?.take(frame)
    }
    this.#frames.notify(frame)
  }

  #greeted(): void {
    this.#openedAt = Date.now()
    this.#lostAt = null
    this.#become('open')
    this.#reauthentication.schedule()
    for (const room of this.#rooms.values()) this.#connection?.send(room.subscribe())
  }

  /** The old connection serves until the server closes it or the new connect replaces it. */
  #goAway({ reconnect_after_ms }: GoAway): void {
    this.#connectIn(reconnect_after_ms)
  }

  #refused({ code, event_id }: FrameError): void {
    const room = event_id ? this.#rooms.get(event_id) : undefined
    if (!room || !event_id) return
    if (REFUSALS.has(code)) room.refuse(code)
    else this.#subscribeLater(room, event_id)
  }

  /** The server refused for a transient reason, so the room is subscribed to again a little later. */
  #subscribeLater(room: SharedRoom, event_id: string): void {
    clearTimeout(this.#again.get(event_id))
    const again = setTimeout(() => this.#connection?.send(room.subscribe()), this.#backoff.firstMs * 4)
    this.#again.set(event_id, again)
  }

  #leave(event_id: string): void {
    this.#rooms.delete(event_id)
    clearTimeout(this.#again.get(event_id))
    this.#connection?.send({ type: 'unsubscribe', event_id })
  }

  #end(state: 'closed' | 'signed_out'): void {
    this.#drop()
    this.#become(state)
  }

  #drop({ keepTimer = false } = {}): void {
    this.#turn += 1
    this.#connection?.close()
    this.#connection = undefined
    this.#reauthentication.pause()
    for (const timer of this.#again.values()) clearTimeout(timer)
    if (keepTimer) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #become(state: SocketState): void {
    if (this.#state === state || this.#state === 'closed') return
    this.#state = state
    this.#states.notify(state)
  }
}

const isFinal = (error: unknown) => error instanceof ApiProblem && error.status === 401
