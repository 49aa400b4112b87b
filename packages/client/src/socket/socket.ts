import type { FrameError, ServerFrame } from '@engineer-chat/protocol'
import { type Backoff, pickBackoffMs } from '../backoff.ts'
import type { Client } from '../client.ts'
import { Listeners } from '../listeners.ts'
import { ApiProblem, createSignInEndedProblem, isUnauthorizedError } from '../problem.ts'
import { type Connection, isUnauthorizedClose, openConnection, toSocketUrl } from './connection.ts'
import { RoomClosedError } from './follow-reply.ts'
import { createReauthentication, type Reauthentication } from './reauthenticate.ts'
import { createRoomHandle } from './room-handle.ts'
import type { Room } from './room-interface.ts'
import { RoomSubscription } from './room-subscription.ts'
import type { Socket, SocketOptions, SocketState } from './socket-interface.ts'

const BACKOFF: Backoff = { firstMaxMs: 500, maxMs: 15_000, random: Math.random }
const FINAL_REFUSAL_CODES = new Set(['forbidden', 'event_not_found', 'too_many_rooms'])

/** Opens a socket that reconnects until it is closed, and resumes each room where it was. */
export function openSocket(client: Client, options: SocketOptions = {}): Socket {
  return new ResumingSocket(client, options)
}

class ResumingSocket implements Socket {
  readonly #client: Client
  readonly #options: SocketOptions
  readonly #backoff: Backoff
  readonly #helloTimeoutMs: number
  readonly #stateListeners = new Listeners<SocketState>()
  readonly #frameListeners = new Listeners<ServerFrame>()
  /** Maps the ids of events to the subscriptions of their rooms. */
  readonly #subscriptions = new Map<string, RoomSubscription>()
  readonly #subscribeTimers = new Map<string, ReturnType<typeof setTimeout>>()
  readonly #reauthentication: Reauthentication
  #state: SocketState = 'connecting'
  #connection: Connection | undefined
  /**
   * Is the time of this connection's `hello`, from which `stableAfterMs` counts. It is infinite before the `hello`, so
   * that a connection without one is not stable.
   */
  #helloAtMs = Number.POSITIVE_INFINITY
  /** Until the first `hello`, it is the time of the socket's creation; for later, see `Socket.lostAtMs`. */
  #lostAtMs: number | null = Date.now()
  /** Counts the failed and lost connections since the last stable one, or since `connectNow`. */
  #failureCount = 0
  #connectTimer: ReturnType<typeof setTimeout> | undefined
  /** Is raised by each `#reset`, so that a ticket or a refresh that was requested before it has no effect. */
  #generation = 0
  /** Is aborted while the state is `signed_out` or `closed`, so that nobody waits for changes of a room. */
  #stopping = new AbortController()

  constructor(client: Client, options: SocketOptions) {
    this.#client = client
    this.#options = options
    this.#backoff = { ...BACKOFF, ...options.backoff }
    this.#helloTimeoutMs = options.helloTimeoutMs ?? 10_000
    this.#reauthentication = createReauthentication(client, (accessToken) =>
      this.#connection?.send({ type: 'auth', access_token: accessToken }),
    )
    void this.#connect()
  }

  get state(): SocketState {
    return this.#state
  }

  get lostAtMs(): number | null {
    return this.#lostAtMs
  }

  /** The listener's type is an intersection, because TypeScript doesn't derive it from `event`. */
  on(event: 'state' | 'frame', listener: ((state: SocketState) => void) & ((frame: ServerFrame) => void)) {
    return event === 'state' ? this.#stateListeners.add(listener) : this.#frameListeners.add(listener)
  }

  openRoom(event_id: string): Room {
    const existing = this.#subscriptions.get(event_id)
    const subscription = existing ?? new RoomSubscription(event_id)
    this.#subscriptions.set(event_id, subscription)
    // A refused room is tried again, because the user may have become a member.
    const needsSubscribe = !existing || existing.state.refusalCode !== null
    if (needsSubscribe && this.#state === 'open') this.#connection?.send(subscription.createSubscribeFrame())
    const roomActions = {
      sendTyping: () => this.#connection?.send({ type: 'typing', event_id }),
      leave: () => this.#leave(event_id),
    }
    return createRoomHandle(subscription, this.#client, roomActions, () => this.#stopping.signal)
  }

  connectNow(): void {
    if (this.#state !== 'waiting' && this.#state !== 'signed_out') return
    this.#failureCount = 0
    void this.#connect()
  }

  dropConnection(): void {
    if (this.#state !== 'open' && this.#state !== 'connecting') return
    this.#reset()
    this.#connectLater(0)
  }

  close(): void {
    this.#stop('closed')
    this.#reauthentication.end()
  }

  async #connect(): Promise<void> {
    this.#reset()
    if (this.#stopping.signal.aborted) this.#stopping = new AbortController()
    const generation = this.#generation
    this.#setState('connecting')
    try {
      // The limit of the wait for the `hello` also applies to this request.
      const { ticket } = await this.#client.createWsTicket({ timeoutMs: this.#helloTimeoutMs })
      if (generation === this.#generation) this.#connection = this.#open(ticket)
    } catch (error) {
      if (generation !== this.#generation) return
      if (isUnauthorizedError(error)) return this.#stop('signed_out')
      this.#connectLater(error instanceof ApiProblem ? (error.retryAfterMs ?? 0) : 0)
    }
  }

  #open(ticket: string): Connection {
    return openConnection({
      url: toSocketUrl(this.#client.baseUrl, ticket),
      WebSocket: this.#options.WebSocket ?? globalThis.WebSocket,
      helloTimeoutMs: this.#helloTimeoutMs,
      onFrame: (frame) => this.#onFrame(frame),
      silenceProbe: this.#options.silenceProbe,
      onEnd: (code, lostAtMs) => void this.#onConnectionLost(code, lostAtMs),
    })
  }

  async #onConnectionLost(code: number, lostAtMs: number): Promise<void> {
    this.#lostAtMs ??= lostAtMs
    this.#reset({ keepConnectTimer: true })
    if (this.#connectTimer) return this.#setState('waiting') // A `goaway` has already set the time of the reconnect.
    const generation = this.#generation
    if (isUnauthorizedClose(code)) {
      this.#setState('connecting')
      const userOrError = await this.#client.refresh().catch((error: unknown) => error)
      if (generation !== this.#generation) return
      if (isUnauthorizedError(userOrError)) return this.#stop('signed_out')
    }
    this.#connectLater(0)
  }

  #connectLater(minWaitMs: number): void {
    this.#setState('waiting')
    this.#connectIn(minWaitMs + pickBackoffMs(this.#backoff, this.#failureCount))
    this.#failureCount += 1
  }

  #connectIn(ms: number): void {
    clearTimeout(this.#connectTimer)
    this.#connectTimer = setTimeout(() => void this.#connect(), ms)
  }

  #onFrame(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
        this.#onHello()
        break
      case 'goaway':
        // Until this reconnect begins, the old connection stays in use, unless the server closes it.
        this.#connectIn(frame.reconnect_after_ms)
        break
      case 'error':
        this.#onErrorFrame(frame)
        break
      case 'authenticated':
      case 'inbox':
      case 'pong':
        break
      default:
        this.#subscriptions.get(frame.event_id)?.onFrame(frame)
    }
    this.#frameListeners.notify(frame)
  }

  #onHello(): void {
    this.#helloAtMs = Date.now()
    this.#lostAtMs = null
    this.#setState('open')
    this.#reauthentication.schedule()
    for (const subscription of this.#subscriptions.values()) this.#connection?.send(subscription.createSubscribeFrame())
  }

  #onErrorFrame({ code, event_id }: FrameError): void {
    const subscription = event_id ? this.#subscriptions.get(event_id) : undefined
    if (!subscription || !event_id) return
    if (FINAL_REFUSAL_CODES.has(code)) subscription.markRefused(code)
    // All other errors that name a room are transient.
    else this.#subscribeLater(subscription, event_id)
  }

  /**
   * Subscribes again a little later (2 s by default). The reason is `unavailable`, or `not_subscribed`: the server's
   * answer to a `typing` for a room to which this connection is not subscribed.
   */
  #subscribeLater(subscription: RoomSubscription, event_id: string): void {
    clearTimeout(this.#subscribeTimers.get(event_id))
    const subscribe = () => this.#connection?.send(subscription.createSubscribeFrame())
    const timer = setTimeout(subscribe, this.#backoff.firstMaxMs * 4)
    this.#subscribeTimers.set(event_id, timer)
  }

  #leave(event_id: string): void {
    this.#subscriptions.get(event_id)?.leaving.abort(new RoomClosedError())
    this.#subscriptions.delete(event_id)
    clearTimeout(this.#subscribeTimers.get(event_id))
    this.#connection?.send({ type: 'unsubscribe', event_id })
  }

  #stop(state: 'closed' | 'signed_out'): void {
    this.#reset()
    this.#stopping.abort(state === 'closed' ? new RoomClosedError() : createSignInEndedProblem())
    this.#setState(state)
  }

  /**
   * Closes the connection, if there is one, and stops what was planned or requested for it. Sets `#lostAtMs` if
   * the connection had its `hello`. If it was stable, `#failureCount` begins at 0 again.
   */
  #reset({ keepConnectTimer = false } = {}): void {
    this.#generation += 1
    this.#lostAtMs ??= Date.now()
    if (Date.now() - this.#helloAtMs >= (this.#options.stableAfterMs ?? 5_000)) this.#failureCount = 0
    this.#helloAtMs = Number.POSITIVE_INFINITY
    this.#connection?.close()
    this.#connection = undefined
    this.#reauthentication.pause()
    for (const timer of this.#subscribeTimers.values()) clearTimeout(timer)
    if (keepConnectTimer) return
    clearTimeout(this.#connectTimer)
    this.#connectTimer = undefined
  }

  #setState(state: SocketState): void {
    if (this.#state === state || this.#state === 'closed') return
    this.#state = state
    this.#stateListeners.notify(state)
  }
}
