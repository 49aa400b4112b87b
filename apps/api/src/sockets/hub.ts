import type { EventStore } from '@engineer-chat/chat/events'
import { type RightsReader, type SignInRef, toMembershipKey } from '@engineer-chat/chat/people'
import type { Timeline } from '@engineer-chat/chat/rooms'
import type {
  Log,
  Membership,
  Principal,
  RoomFeed,
  RoomHint,
  StoredMessage,
  TicketStore,
} from '@engineer-chat/chat/shared'
import type { TicketHolder } from '@engineer-chat/chat/stores'
import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import { CLOSE } from '@engineer-chat/protocol'
import { createHeartbeat, HEARTBEAT_SLOTS } from './heartbeats.ts'
import { RightsWatch } from './rights-watch.ts'
import { coalesceReads } from './room/coalesce-reads.ts'
import type { RoomMembership, SocketPeer } from './room/membership.ts'
import { createRightsGate, type RightsGate } from './room/rights-gate.ts'
import { Room } from './room/room.ts'
import type { SocketLimits } from './socket-limits.ts'
import type { SocketMetrics } from './socket-metrics.ts'
import { broadcastTyping } from './typing.ts'
import { WriteBatch } from './write-batch.ts'

/** What a WebSocket node touches. */
export interface SocketDeps {
  nodeId: string
  timeline: Timeline
  events: Pick<EventStore, 'find'>
  rightsReader: RightsReader
  tickets: TicketStore<TicketHolder>
  feed: RoomFeed
  /** Who the access token stands for, if it is ours and in time. @throws for any other */
  verifyToken(token: string): TicketHolder | Promise<TicketHolder>
  log: Log
  /** A row was written to sockets, as it happened. */
  onShown?(row: StoredMessage): void
  /** Somebody came without a good token or ticket. True: too often from there. */
  onStranger?(from: { ip: string }): Promise<boolean>
  /** Before an admin is shown a restricted room that they are no member of. */
  onAdminView?(who: { user_id: string; address: string }, event_id: string): Promise<void>
}

/** The rooms and connections of one node. */
export class Hub {
  readonly deps: SocketDeps
  readonly limits: SocketLimits
  readonly metrics: SocketMetrics
  readonly log: Log
  readonly gate: RightsGate
  readonly batch = new WriteBatch()
  /** For reads that a crowd of new subscribers brings about: so many at once. */
  readonly reads: ReturnType<typeof limitConcurrency>
  /** Who has this sign-in, and their membership in an event: by MySQL, one read for all who ask meanwhile. */
  readonly callerBy: (signIn: SignInRef) => Promise<Pick<Principal, 'role'> | undefined>
  readonly membershipOf: (of: { user_id: string; event_id: string }) => Promise<Membership | undefined>
  closing = false
  readonly #rooms = new Map<string, { room: Room; opened: Promise<void> }>()
  readonly #peers = new Set<SocketPeer>()
  readonly #byUser = new Map<string, number>()
  readonly #watch: RightsWatch
  readonly #timers: NodeJS.Timeout[]
  #comparing = false
  #failing = false

  constructor(deps: SocketDeps, limits: SocketLimits, metrics: SocketMetrics) {
    this.deps = deps
    this.limits = limits
    this.metrics = metrics
    this.log = deps.log
    metrics.bufferedBytes = () => [...this.#peers].reduce((sum, { outbox }) => sum + outbox.waitingBytes, 0)
    this.reads = limitConcurrency(limits.reads)
    this.callerBy = coalesceReads(async (signIns) => {
      const callers = await deps.rightsReader.findPrincipals(signIns)
      return ({ sign_in_id }) => callers.get(sign_in_id)
    })
    this.membershipOf = coalesceReads(async (pairs) => {
      const memberships = await deps.rightsReader.findMemberships(pairs)
      return ({ user_id, event_id }) => memberships.get(toMembershipKey(user_id, event_id))
    })
    this.gate = createRightsGate(limits.rights_max_age_ms)
    this.#watch = new RightsWatch(this)
    this.gate.onReopen(() => this.#eachRoom((room) => room.resume()))
    deps.feed.onHint((event_id, hint) => this.#hear(event_id, hint))
    deps.feed.onRightsChanged(() => void this.#watch.check())
    deps.feed.onGap(() => this.#afterGap())
    this.#timers = [
      setInterval(() => void this.compare(), limits.compare_ms),
      setInterval(() => this.#eachRoom((room) => room.presence.refresh()), limits.heartbeat_ms),
      setInterval(createHeartbeat(this.#peers), limits.heartbeat_ms / HEARTBEAT_SLOTS),
    ]
  }

  peers(): Iterable<SocketPeer> {
    return this.#peers
  }

  /** False: this user has enough connections. */
  connect(peer: SocketPeer): boolean {
    const { user_id } = peer.caller
    const count = this.#byUser.get(user_id) ?? 0
    if (count >= this.limits.connections_per_user) return false
    this.#byUser.set(user_id, count + 1)
    this.#peers.add(peer)
    this.metrics.connections = this.#peers.size
    this.metrics.connections_total += 1
    return true
  }

  disconnect(peer: SocketPeer): void {
    if (!this.#peers.delete(peer)) return
    const { user_id } = peer.caller
    const count = (this.#byUser.get(user_id) ?? 1) - 1
    if (count === 0) this.#byUser.delete(user_id)
    else this.#byUser.set(user_id, count)
    this.metrics.connections = this.#peers.size
    for (const member of [...peer.rooms.values()]) this.leave(member)
  }

  /** From here on the rights watch counts this member in. False: its connection is gone. */
  join(member: RoomMembership): boolean {
    if (!this.#peers.has(member.peer)) return false
    member.peer.rooms.set(member.event_id, member)
    return true
  }

  /** Into the room, which is opened for the first; what changes from now on is held for the member. */
  async enter(member: RoomMembership): Promise<Room> {
    const { room, opened } = this.#host(member.event_id)
    member.state = 'joining'
    member.room = room
    room.members.add(member)
    await opened
    return room
  }

  leave(member: RoomMembership): void {
    if (member.state === 'left') return
    member.state = 'left'
    member.clearQueue()
    if (member.peer.rooms.get(member.event_id) === member) member.peer.rooms.delete(member.event_id)
    const { room } = member
    if (!room) return
    room.members.remove(member)
    if (room.members.isEmpty) this.#drop(room)
    else room.presence.changed()
  }

  /** The room isn't to be entered, or not any more. Before it was, it looks like one that doesn't exist. */
  refuse(member: RoomMembership): void {
    if (member.state === 'left') return
    const wasIn = member.state !== 'checking'
    this.leave(member)
    if (wasIn) this.metrics.revoked_total += 1
    if (wasIn) member.peer.error('forbidden', 'You may no longer see this event.', member.event_id)
    else member.peer.error('event_not_found', 'There is no such event.', member.event_id)
  }

  /** Finds what no hint told: the last change of a room leaves no gap that a later one would show. */
  async compare(): Promise<void> {
    if (this.#comparing || this.#rooms.size === 0) return
    this.#comparing = true
    const open = [...this.#rooms.values()].map(({ room }) => room).filter((room) => room.isOpen)
    const known = new Map(open.map((room) => [room, room.last]))
    try {
      const seqs = await this.deps.timeline.readSeqs([...known.keys()].map((room) => room.event_id))
      for (const [room, last] of known) this.#judge(room, last, seqs.get(room.event_id))
      this.#failing = false
    } catch (error) {
      this.#readFailed(error)
    } finally {
      this.#comparing = false
    }
  }

  /** MySQL has just answered: rooms that couldn't be read are tried again. */
  retry(): void {
    this.#eachRoom((room) => {
      if (room.behind) room.resume()
    })
  }

  close(): void {
    this.closing = true
    this.#watch.close()
    for (const timer of this.#timers) clearInterval(timer)
    this.#eachRoom((room) => this.#drop(room))
  }

  #judge(room: Room, last: number, seq: number | undefined): void {
    if (room.closed || seq === undefined) return
    if (seq > room.last) void room.catchUp()
    if (seq < last) this.#evict(room, seq)
  }

  /** MySQL was set back behind what was delivered: everybody comes again, and begins anew. */
  #evict(room: Room, seq: number): void {
    this.log.error('EngineerChat.room_set_back', { event_id: room.event_id, seq, room_seq: room.last })
    for (const member of [...room.members.all()]) member.peer.close(CLOSE.restart, 'room_set_back')
    this.#drop(room)
  }

  #host(event_id: string): { room: Room; opened: Promise<void> } {
    const hosted = this.#rooms.get(event_id)
    if (hosted) return hosted
    const { deps, gate, limits, metrics } = this
    const room = new Room(event_id, {
      ...deps,
      gate,
      limits,
      metrics,
      reads: this.reads,
      onReadFailed: (_, error) => this.#readFailed(error),
    })
    const opened = room.open().then(
      () => room.presence.requestPresence(),
      (error: unknown) => {
        this.#drop(room) // who waits for it is told; the next one opens it anew
        throw error
      },
    )
    this.#rooms.set(event_id, { room, opened })
    metrics.rooms = this.#rooms.size
    return { room, opened }
  }

  #drop(room: Room): void {
    if (room.closed) return
    room.close()
    if (this.#rooms.get(room.event_id)?.room !== room) return
    this.#rooms.delete(room.event_id)
    this.deps.feed.unsubscribe(room.event_id)
    this.metrics.rooms = this.#rooms.size
  }

  #eachRoom(visit: (room: Room) => void): void {
    for (const { room } of [...this.#rooms.values()]) visit(room)
  }

  #hear(event_id: string, hint: RoomHint): void {
    const room = this.#rooms.get(event_id)?.room
    if (!room) return
    if (hint.type === 'change') room.onChange(hint.change)
    else if (hint.type === 'deltas') room.onDeltas(hint.deltas)
    else if (hint.type === 'typing') broadcastTyping(this, room, hint.user_id)
    else if (hint.type === 'presence') room.presence.onPresence(hint)
    else room.presence.sendPresence()
  }

  #afterGap(): void {
    void this.compare()
    void this.#watch.check()
    this.#eachRoom((room) => {
      room.presence.sendPresence()
      room.presence.requestPresence()
    })
  }

  #readFailed(error: unknown): void {
    if (!this.#failing) this.log.error('EngineerChat.rooms_unreadable', { count: this.#rooms.size }, error)
    this.#failing = true
  }
}
