import { canSee, type EventRights } from '@engineer-chat/chat/people'
import type { Audience, Principal } from '@engineer-chat/chat/shared'
import type { FrameErrorCode, ServerFrame } from '@engineer-chat/protocol'
import type { Outbox } from '../socket-outbox.ts'
import type { Room } from './room.ts'

/** What a room and its watchers need to know of a connection. */
export interface SocketPeer {
  readonly id: string
  /** Its role never changes: another role is another sign-in, and another connection. */
  readonly caller: Principal
  /** The client's, as far as proxies are trusted. */
  readonly address: string
  readonly outbox: Outbox
  readonly rooms: Map<string, RoomMembership>
  sign_in_id: string
  /** Of the access token; milliseconds since 1970. */
  expires_at: number
  send(frame: ServerFrame): void
  error(code: FrameErrorCode, detail: string, event_id?: string): void
  close(code: number, reason: string): void
  /** Once every heartbeat; `slot` spreads the connections over it. */
  readonly slot: number
  checkAlive(): void
  /** Resolves once the socket is closed, whoever closed it. */
  closed(): Promise<void>
}

/** A frame of a room, encoded once for everybody. */
export interface Delivery {
  audience: Audience
  seq: number
  frame: Buffer
}

/**
 * `checking`: rights aren't known yet · `joining`: hears of changes, which are held until the answer to its subscription
 * has been read · `live` · `left`.
 */
export type MemberState = 'checking' | 'joining' | 'live' | 'left'

/** One connection in one room. */
export class RoomMembership {
  readonly peer: SocketPeer
  readonly event_id: string
  state: MemberState = 'checking'
  room: Room | undefined
  rights: EventRights = { enter: false, ask: false, manage: false }
  /** What the answer to its subscription told already. */
  from = 0
  /** The highest number that a frame to this socket gave. */
  lastSentSeq = 0
  queued: Delivery[] = []
  /** More changes came than are held: the answer has to be read again. */
  overflown = false
  /** Replies whose pieces were dropped: nothing more of them until a snapshot has gone out. */
  readonly missedReplies = new Set<string>()
  typed_at = Number.NEGATIVE_INFINITY

  constructor(peer: SocketPeer, event_id: string) {
    this.peer = peer
    this.event_id = event_id
  }

  canSee(audience: Audience): boolean {
    return canSee(this.peer.caller, audience)
  }

  get isPerson(): boolean {
    return this.peer.caller.role !== 'agent'
  }

  deliver({ seq, frame }: Delivery): void {
    if (seq <= this.from) return
    this.peer.outbox.send(frame)
    this.lastSentSeq = Math.max(this.lastSentSeq, seq)
  }

  queue(delivery: Delivery, limit: number): void {
    if (this.queued.length >= limit) this.overflown = true
    else this.queued.push(delivery)
  }

  clearQueue(): void {
    this.queued = []
    this.overflown = false
  }
}
