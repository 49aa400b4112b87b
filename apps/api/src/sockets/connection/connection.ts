import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Principal } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import { CLOSE_CODES, type FrameErrorCode, type ServerFrame } from '@engineer-chat/protocol'
import type { WebSocket } from '@fastify/websocket'
import { encodeFrame } from '../frames/encode-frame.ts'
import { type HandleFrameContext, handleFrame } from '../incoming/handle-frame.ts'
import { parseFrame } from '../incoming/parse-frame.ts'
import { leaveRoom } from '../room/leave-room.ts'
import { isLive, type RoomMembership, type SocketPeer } from '../room/membership.ts'
import type { SocketLimits } from '../socket-limits.ts'
import { closeSocket } from './close-socket.ts'
import type { Connections } from './connections.ts'
import { HEARTBEAT_GROUPS } from './heartbeats.ts'
import { Outbox, type OutboxOwner } from './socket-outbox.ts'
import type { WriteBatch } from './write-batch.ts'

let connectionCount = 0

export interface ConnectionContext extends HandleFrameContext {
  connections: Connections
  batch: WriteBatch
  limits: SocketLimits
}

export interface Identity {
  caller: Principal
  signIn: ExpiringSignIn
  address: string
}

/** A closed connection receives and sends nothing, even if the client has not closed the socket yet. */
type ConnectionState = { state: 'open'; isAlive: boolean; malformedFrames: number } | { state: 'closed' }

/**
 * Represents a client whose user is known. It handles the frames for rooms in order; pings and tokens are handled
 * immediately.
 */
export class Connection implements SocketPeer, OutboxOwner {
  readonly id = randomUUID()
  readonly heartbeatGroup = connectionCount++ % HEARTBEAT_GROUPS
  readonly caller: Principal
  readonly address: string
  readonly outbox: Outbox
  readonly rooms = new Map<string, RoomMembership>()
  #signIn: { signInId: string; expiresAtMs: number }
  readonly #ctx: ConnectionContext
  readonly #socket: WebSocket
  #status: ConnectionState = { state: 'open', isAlive: true, malformedFrames: 0 }
  #waitingFrames = 0
  #lastWork = Promise.resolve()

  constructor(ctx: ConnectionContext, socket: WebSocket, tcpSocket: Socket, { caller, signIn, address }: Identity) {
    this.#ctx = ctx
    this.#socket = socket
    this.caller = caller
    this.address = address
    this.#signIn = { signInId: signIn.sign_in_id, expiresAtMs: signIn.expires_at }
    this.outbox = new Outbox({ socket: tcpSocket, batch: ctx.batch, limits: ctx.limits, owner: this })
    socket.on('pong', () => this.#markAlive())
    socket.on('close', () => this.#leave())
  }

  get signInId(): string {
    return this.#signIn.signInId
  }

  get expiresAtMs(): number {
    return this.#signIn.expiresAtMs
  }

  get isOpen(): boolean {
    return this.#status.state === 'open' && this.#socket.readyState === this.#socket.OPEN
  }

  async waitUntilClosed(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return
    await new Promise<void>((resolve) => this.#socket.once('close', () => resolve()))
  }

  renew(signIn: { signInId: string; expiresAtMs: number }): void {
    this.#signIn = signIn
  }

  send(frame: ServerFrame): void {
    this.outbox.send(encodeFrame(frame))
  }

  sendError(code: FrameErrorCode, detail: string, event_id?: string): void {
    this.send({ type: 'error', code, detail, ...(event_id !== undefined && { event_id }) })
  }

  close(code: number, reason: string): void {
    if (this.#status.state === 'closed') return
    this.outbox.flush()
    this.#leave()
    closeSocket(this.#socket, code, reason, this.#ctx.limits.closeGraceMs)
  }

  /**
   * Destroys a socket that has sent nothing since the last call, even if TCP reports an open connection. It pings any
   * other socket and sends it the cursors of its rooms.
   */
  runHeartbeat(): void {
    if (this.#status.state === 'closed') return
    if (!this.#status.isAlive) {
      this.#socket.terminate()
      return
    }
    this.#status.isAlive = false
    this.#socket.ping()
    if (!this.#ctx.freshness.areRightsFresh()) return
    for (const member of this.rooms.values()) this.#sendCursor(member)
  }

  receive(text: string): void {
    if (this.#status.state === 'closed') return
    this.#markAlive()
    const frame = parseFrame(text)
    if (!frame) this.#refuseMalformed()
    else handleFrame(this.#ctx, this, frame, (work) => this.#enqueue(work))
  }

  refuseFlood(): void {
    if (this.#status.state === 'closed') return
    this.sendError('rate_limited', 'Too many frames.')
    this.close(CLOSE_CODES.tooManyConnectionsOrFrames, 'too_many_frames')
  }

  closeForSlowness(): void {
    if (this.#status.state === 'closed') return
    this.#ctx.metrics.slow_closed_total += 1
    this.#ctx.log.warn('EngineerChat.socket_too_slow', { connection_id: this.id, user_id: this.caller.user_id })
    this.close(CLOSE_CODES.slowReader, 'too_slow')
  }

  onDrained(): void {
    for (const member of this.rooms.values()) if (isLive(member)) member.status.room.sendMissedSnapshots(member)
  }

  /**
   * Sends the sequence number up to which this socket has received every change that its user may see, if it is higher
   * than the last number that was sent.
   */
  #sendCursor(member: RoomMembership): void {
    if (!isLive(member)) return
    const { status, eventId } = member
    const { lastSeq } = status.room
    if (lastSeq <= status.lastSentSeq) return
    this.send({ type: 'cursor', event_id: eventId, seq: lastSeq })
    status.lastSentSeq = lastSeq
  }

  #markAlive(): void {
    if (this.#status.state === 'open') this.#status.isAlive = true
  }

  #enqueue(work: () => void | Promise<void>): void {
    if (this.#waitingFrames >= this.#ctx.limits.maxWaitingFrames) {
      this.refuseFlood()
      return
    }
    this.#waitingFrames += 1
    this.#lastWork = this.#lastWork
      .then(() => (this.#status.state === 'open' ? work() : undefined))
      .catch((error: unknown) => {
        this.#ctx.log.error('EngineerChat.frame_failed', { connection_id: this.id }, error)
        this.sendError('internal', 'Something went wrong on our side.')
      })
      .finally(() => {
        this.#waitingFrames -= 1
      })
  }

  #refuseMalformed(): void {
    this.sendError('malformed_frame', 'This is not a frame of the protocol.')
    if (this.#status.state === 'closed') return
    this.#status.malformedFrames += 1
    if (this.#status.malformedFrames > this.#ctx.limits.maxMalformedFrames)
      this.close(CLOSE_CODES.policy, 'malformed_frames')
  }

  #leave(): void {
    this.#status = { state: 'closed' }
    if (!this.#ctx.connections.remove(this)) return
    for (const member of [...this.rooms.values()]) leaveRoom(member)
  }
}
