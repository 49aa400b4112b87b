import { type EventRights, maySee } from '@engineer-chat/chat/people'
import type { Audience, Caller } from '@engineer-chat/chat/shared'
import type { FrameErrorCode, ServerFrame } from '@engineer-chat/protocol'
import type { Outbox } from '../socket-outbox.ts'
import type { Room } from './room.ts'

/** What a room and its watchers need to know of a connection. */
export interface Peer {
  readonly id: string
  /** Its role never changes: another role is another sign-in, and another connection. */
  readonly caller: Caller
  /** The client's, as far as proxies are trusted. */
  readonly address: string
  readonly outbox: Outbox
  readonly rooms: Map<string, Member>
  sign_in_id: string
  /** Of the access token; milliseconds since 1970. */
  expires_at: number
  send(frame: ServerFrame): void
  error(code: FrameErrorCode, detail: string, event_id?: string): void
  close(code: number, reason: string): void
  /** Once every heartbeat; `slot` spreads the connections over it. */
  readonly slot: number
  beat(): void
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
export class Member {
  readonly peer: Peer
  readonly event_id: string
  state: MemberState = 'checking'
  room: Room | undefined
  rights: EventRights = { enter: false, ask: false, manage: false }
  /** What the answer to its subscription told already. */
  from = 0
  /** The highest number that a frame to this socket gave. */
  told = 0
  held: Delivery[] = []
  /** More changes came than are held: the answer has to be read again. */
  overflown = false
  /** Replies whose pieces were dropped: nothing more of them until a snapshot has gone out. */
  readonly owed = new Set<string>()
  typed_at = Number.NEGATIVE_INFINITY

  constructor(peer: Peer, event_id: string) {
    this.peer = peer
    this.event_id = event_id
  }

  maySee(audience: Audience): boolean {
    return maySee(this.peer.caller, audience)
  }

  get isPerson(): boolean {
    return this.peer.caller.role !== 'agent'
  }

  deliver({ seq, frame }: Delivery): void {
    if (seq <= this.from) return
    this.peer.outbox.send(frame)
    this.told = Math.max(this.told, seq)
  }

  hold(delivery: Delivery, limit: number): void {
    if (this.held.length >= limit) this.overflown = true
    else this.held.push(delivery)
  }

  forgetHeld(): void {
    this.held = []
    this.overflown = false
  }
}
