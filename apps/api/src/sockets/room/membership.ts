import { canSee, type EventRights } from '@engineer-chat/chat/people'
import type { Audience, Principal } from '@engineer-chat/chat/shared'
import type { FrameErrorCode, ServerFrame } from '@engineer-chat/protocol'
import type { Outbox } from '../connection/socket-outbox.ts'

/** Describes the part of a connection that rooms and the rights watch use. */
export interface SocketPeer {
  readonly id: string
  /** The caller's role never changes, because another role requires a new sign-in and a new connection. */
  readonly caller: Principal
  /** Holds the client's address, which comes from a forwarding header only if the proxy is trusted. */
  readonly address: string
  readonly outbox: Outbox
  readonly rooms: Map<string, RoomMembership>
  readonly signInId: string
  /** The access token expires at this time, in milliseconds since 1970. */
  readonly expiresAtMs: number
  /**
   * Decides when the connection is checked. Connections are checked in HEARTBEAT_GROUPS groups, one after the other
   * within the interval of the heartbeats. This is the number of the group, from 0.
   */
  readonly heartbeatGroup: number
  send(frame: ServerFrame): void
  sendError(code: FrameErrorCode, detail: string, event_id?: string): void
  /** Continues with a new access token of the same user, which may be of another sign-in. */
  renew(signIn: { signInId: string; expiresAtMs: number }): void
  close(code: number, reason: string): void
  /** Checks that the client is alive, and sends it the cursors of its rooms. */
  runHeartbeat(): void
  /** Resolves when the socket is closed: both sides have sent a close frame, or it was destroyed. */
  waitUntilClosed(): Promise<void>
}

/** Describes the part of a room that its members use. */
export interface JoinedRoom {
  readonly lastSeq: number
  remove(member: RoomMembership): void
  sendMissedSnapshots(member: LiveMembership): void
  broadcastTyping(user_id: string): void
}

/** Holds a frame about a change of a room, encoded once for all its members. */
export interface Delivery {
  audience: Audience
  seq: number
  frame: Buffer
}

/** The rights of the member are being read. */
export interface CheckingState {
  state: 'checking'
}

/** New changes are queued while the content of the `subscribed` frame is read. */
export interface JoiningState {
  state: 'joining'
  room: JoinedRoom
  rights: EventRights
  queue: Delivery[]
  /** True means that more changes came than the queue holds, so the content has to be read again. */
  hasOverflowed: boolean
}

/** Changes are sent as they happen. */
export interface LiveState {
  state: 'live'
  room: JoinedRoom
  rights: EventRights
  /** The `subscribed` frame and its `message` frames contain all changes up to this sequence number. */
  subscribedSeq: number
  /** Holds the highest sequence number that was sent to this socket. */
  lastSentSeq: number
  /** Holds replies whose deltas were dropped. The socket gets a snapshot of a reply before further deltas of it. */
  missedReplies: Set<string>
  /** The last typing notice was sent at this `performance.now()`. */
  typedAtMs: number
}

export interface LeftState {
  state: 'left'
}

export type MembershipStatus = CheckingState | JoiningState | LiveState | LeftState

/** Represents the membership of a connection in a room. A member here is a connection, not a member of the event. */
export class RoomMembership {
  readonly peer: SocketPeer
  readonly eventId: string
  status: MembershipStatus = { state: 'checking' }
  /** True means that the user is in the room only as an admin, and that the audit has an entry about it. */
  isAdminView = false

  constructor(peer: SocketPeer, eventId: string) {
    this.peer = peer
    this.eventId = eventId
  }

  canSee(audience: Audience): boolean {
    return canSee(this.peer.caller, audience)
  }

  get isPerson(): boolean {
    return this.peer.caller.role !== 'agent'
  }
}

export type LiveMembership = RoomMembership & { status: LiveState }

export const isLive = (member: RoomMembership): member is LiveMembership => member.status.state === 'live'

/** Returns true if the member has left. A member may leave during any `await`, so callers check after each of them. */
export const hasLeft = (member: RoomMembership): boolean => member.status.state === 'left'

/** Sends a frame, unless the member's subscription already contained its change. */
export function deliver({ peer, status }: LiveMembership, { seq, frame }: Delivery): void {
  if (seq <= status.subscribedSeq) return
  peer.outbox.send(frame)
  status.lastSentSeq = Math.max(status.lastSentSeq, seq)
}

export function enqueue(status: JoiningState, delivery: Delivery, maxDeliveries: number): void {
  if (status.queue.length >= maxDeliveries) status.hasOverflowed = true
  else status.queue.push(delivery)
}

export function clearQueue(status: JoiningState): void {
  status.queue = []
  status.hasOverflowed = false
}
