import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Principal } from '@engineer-chat/chat/shared'
import type { TicketHolder } from '@engineer-chat/chat/stores'
import { CLOSE, type ClientFrame, type FrameErrorCode, type ServerFrame } from '@engineer-chat/protocol'
import type { WebSocket } from '@fastify/websocket'
import { closeSocket } from './close-socket.ts'
import { encodeFrame } from './frames/encode-frame.ts'
import { parseFrame } from './frames/parse-frame.ts'
import type { Hub } from './hub.ts'
import { reauthenticate } from './reauthenticate.ts'
import type { RoomMembership, SocketPeer } from './room/membership.ts'
import { subscribe } from './room/subscribe.ts'
import { Outbox, type OutboxOwner } from './socket-outbox.ts'
import { handleTyping } from './typing.ts'

let connections = 0

export interface Identity {
  caller: Principal
  holder: TicketHolder
  address: string
}

/** One client that is known: what it asks for, one thing after the other, and what it is sent. */
export class Connection implements SocketPeer, OutboxOwner {
  readonly id = randomUUID()
  readonly slot = connections++
  readonly caller: Principal
  readonly address: string
  readonly outbox: Outbox
  readonly rooms = new Map<string, RoomMembership>()
  sign_in_id: string
  expires_at: number
  readonly #hub: Hub
  readonly #socket: WebSocket
  #isOpen = true
  #isAlive = true
  #malformed = 0
  #waiting = 0
  #work = Promise.resolve()

  constructor(hub: Hub, socket: WebSocket, raw: Socket, { caller, holder, address }: Identity) {
    this.#hub = hub
    this.#socket = socket
    this.caller = caller
    this.address = address
    this.sign_in_id = holder.sign_in_id
    this.expires_at = holder.expires_at
    this.outbox = new Outbox({ socket: raw, batch: hub.batch, limits: hub.limits, owner: this })
    socket.on('pong', () => {
      this.#isAlive = true
    })
    socket.on('close', () => this.#leave())
  }

  get isOpen(): boolean {
    return this.#isOpen && this.#socket.readyState === this.#socket.OPEN
  }

  async closed(): Promise<void> {
    if (this.#socket.readyState === this.#socket.CLOSED) return
    await new Promise<void>((resolve) => this.#socket.once('close', () => resolve()))
  }

  send(frame: ServerFrame): void {
    this.outbox.send(encodeFrame(frame))
  }

  error(code: FrameErrorCode, detail: string, event_id?: string): void {
    this.send({ type: 'error', code, detail, ...(event_id !== undefined && { event_id }) })
  }

  close(code: number, reason: string): void {
    if (!this.#isOpen) return
    this.outbox.flush()
    this.#leave()
    closeSocket(this.#socket, code, reason, this.#hub.limits.close_grace_ms)
  }

  /** A socket that didn't answer since the last one is gone, whatever TCP says. */
  checkAlive(): void {
    if (!this.#isOpen) return
    if (!this.#isAlive) {
      this.#socket.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
    if (!this.#hub.gate.isOpen()) return
    for (const member of this.rooms.values()) this.#cursor(member)
  }

  receive(text: string): void {
    if (!this.#isOpen) return
    this.#isAlive = true
    const frame = parseFrame(text)
    if (!frame) this.#refuseMalformed()
    else if (frame.type === 'ping') this.send({ type: 'pong' })
    else if (frame.type === 'auth') void reauthenticate(this.#hub, this, frame.access_token)
    else this.#enqueue(frame)
  }

  onFlood(): void {
    if (!this.#isOpen) return
    this.error('rate_limited', 'Too many frames.')
    this.close(CLOSE.tooMany, 'too_many_frames')
  }

  closeForSlowness(): void {
    if (!this.#isOpen) return
    this.#hub.metrics.slow_closed_total += 1
    this.#hub.log.warn('EngineerChat.socket_too_slow', { connection_id: this.id, user_id: this.caller.user_id })
    this.close(CLOSE.tooSlow, 'too_slow')
  }

  drained(): void {
    for (const member of this.rooms.values())
      if (member.missedReplies.size > 0) member.room?.live.sendMissedSnapshots(member)
  }

  /** Everything up to the room's number was written to this socket already, as far as it is for it. */
  #cursor(member: RoomMembership): void {
    const { room, event_id } = member
    if (member.state !== 'live' || !room || room.last <= member.lastSentSeq) return
    this.send({ type: 'cursor', event_id, seq: room.last })
    member.lastSentSeq = room.last
  }

  #enqueue(frame: Exclude<ClientFrame, { type: 'ping' | 'auth' }>): void {
    if (this.#waiting >= this.#hub.limits.waiting_frames) {
      this.onFlood()
      return
    }
    this.#waiting += 1
    this.#work = this.#work
      .then(() => this.#handle(frame))
      .catch((error: unknown) => {
        this.#hub.log.error('EngineerChat.frame_failed', { connection_id: this.id }, error)
        this.error('internal', 'Something went wrong on our side.')
      })
      .finally(() => {
        this.#waiting -= 1
      })
  }

  async #handle(frame: Exclude<ClientFrame, { type: 'ping' | 'auth' }>): Promise<void> {
    if (!this.#isOpen) return
    if (frame.type === 'subscribe') return subscribe(this.#hub, this, frame)
    if (frame.type === 'typing') return handleTyping(this.#hub, this, frame.event_id)
    const member = this.rooms.get(frame.event_id)
    if (member) this.#hub.leave(member)
  }

  #refuseMalformed(): void {
    this.#malformed += 1
    this.error('malformed_frame', 'This is not a frame of the protocol.')
    if (this.#malformed > this.#hub.limits.malformed_frames) this.close(CLOSE.policy, 'malformed_frames')
  }

  #leave(): void {
    this.#isOpen = false
    this.#hub.disconnect(this)
  }
}
