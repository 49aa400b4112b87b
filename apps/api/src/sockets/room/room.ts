import type { Timeline } from '@engineer-chat/chat/rooms'
import type { RoomChange, RoomFeed, StoredMessage, TextDelta } from '@engineer-chat/chat/shared'
import type { Event } from '@engineer-chat/protocol'
import { encodeEventFrame, encodeMessageFrame, toMessageJson } from '../frames/encode-frame.ts'
import type { SocketLimits } from '../socket-limits.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import { EarlyChanges } from './early-changes.ts'
import type { Delivery } from './membership.ts'
import { Presence } from './presence.ts'
import { RepliesInProgress } from './replies-in-progress.ts'
import { ReplyStreaming } from './reply-streaming.ts'
import type { RightsGate } from './rights-gate.ts'
import { RoomMembers } from './room-members.ts'
import { isSameEvent } from './same-event.ts'

export interface RoomContext {
  nodeId: string
  timeline: Timeline
  feed: RoomFeed
  gate: RightsGate
  limits: SocketLimits
  metrics: SocketMetrics
  /** Waits for its turn among the node's reads. */
  reads<T>(read: () => Promise<T>): Promise<T>
  /** A read of this room failed; it is tried again with the next look at the rights. */
  onReadFailed(event_id: string, error: unknown): void
  onShown?(row: StoredMessage): void
}

/**
 * A room that this node hosts: the last number that everybody live in it has been told up to, in order. Hints move it
 * when they go on where it stands; whatever they leave out is read from MySQL.
 */
export class Room {
  readonly event_id: string
  readonly members = new RoomMembers()
  readonly replies = new RepliesInProgress()
  readonly presence: Presence
  readonly live: ReplyStreaming
  last = 0
  /** MySQL has, or may have, more than was delivered, and couldn't be read or be delivered. */
  behind = false
  closed = false
  readonly #ctx: RoomContext
  readonly #early = new EarlyChanges()
  #isOpen = false
  #event: Event | undefined
  #reading: Promise<void> | undefined
  #readAgain = false
  #timer: NodeJS.Timeout | undefined

  constructor(event_id: string, ctx: RoomContext) {
    this.event_id = event_id
    this.#ctx = ctx
    this.presence = new Presence(this, ctx)
    this.live = new ReplyStreaming(this, ctx)
  }

  /** Hears of changes first, then reads where the room stands. */
  async open(): Promise<void> {
    const { feed, reads, timeline } = this.#ctx
    await feed.subscribe(this.event_id)
    const [now, thinking] = await reads(async () => [
      await timeline.readChanges(this.event_id, [], 0, 1),
      await timeline.listThinkingReplies(this.event_id),
    ])
    if (!now) throw new Error('a room without an event')
    for (const row of thinking) this.replies.applyMessage(row)
    await this.live.readAll()
    this.#event = now.event
    this.last = now.seq
    this.#isOpen = true
    this.#goOn()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  close(): void {
    this.closed = true
    clearTimeout(this.#timer)
    this.presence.close()
  }

  onChange(change: RoomChange): void {
    if (change.seq <= this.last) return
    this.#early.add(change)
    if (this.#isOpen) this.#goOn()
  }

  onDeltas(deltas: TextDelta[]): void {
    if (this.#isOpen) for (const delta of deltas) this.live.onDelta(delta)
  }

  /** MySQL is at this number. False: the room couldn't be brought there now. */
  async reach(seq: number): Promise<boolean> {
    if (this.last < seq) await this.catchUp()
    return this.last >= seq
  }

  /** What was held back, or couldn't be read, is made up for. */
  resume(): void {
    if (this.behind) void this.catchUp()
    this.live.showUnseen()
    for (const member of this.members.all()) if (member.missedReplies.size > 0) this.live.sendMissedSnapshots(member)
  }

  /** One read at a time; asked for while one is under way, another follows. */
  async catchUp(): Promise<void> {
    if (!this.#isOpen || this.closed) return
    if (this.#reading !== undefined) {
      this.#readAgain = true
      return this.#reading
    }
    this.#reading = this.#readOn().finally(() => {
      this.#reading = undefined
    })
    await this.#reading
  }

  /** To everybody who may see it and is live; those who are joining get it after their answer. To how many at once? */
  broadcast(delivery: Delivery): number {
    const { limits, metrics } = this.#ctx
    let delivered = 0
    for (const member of this.members.listViewers(delivery.audience)) {
      if (member.state === 'joining') member.queue(delivery, limits.held_deliveries)
      else if (member.state === 'live') {
        member.deliver(delivery)
        delivered += 1
      }
    }
    metrics.deliveries_total += delivered
    return delivered
  }

  #goOn(): void {
    if (!this.#ctx.gate.isOpen()) {
      this.#fallBehind()
      return
    }
    for (let next = this.#early.next(this.last); next; next = this.#early.next(this.last)) {
      this.#apply(next.rows, next.event, next.seq)
    }
    if (this.#early.mustRead(this.last)) return void this.catchUp()
    if (!this.#early.missing || this.#reading || this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#early.missing) void this.catchUp()
    }, this.#ctx.limits.reorder_ms)
  }

  async #readOn(): Promise<void> {
    const { timeline, limits, metrics, gate } = this.#ctx
    do {
      this.#readAgain = false
      metrics.catch_ups_total += 1
      const heard = this.#early.all
      try {
        const found = await timeline.readChanges(this.event_id, null, this.last, limits.catch_up_rows)
        if (this.closed || !found) return
        if (!gate.isOpen()) return this.#fallBehind()
        this.behind = false
        if (found.complete) this.#early.forget(heard)
        this.#take(found)
      } catch (error) {
        this.behind = true
        return this.#ctx.onReadFailed(this.event_id, error)
      }
    } while (this.#readAgain)
  }

  #take({ rows, seq, event, complete }: NonNullable<Awaited<ReturnType<Timeline['readChanges']>>>): void {
    if (complete) this.#apply(rows, isSameEvent(event, this.#event) ? undefined : event, seq)
    else {
      this.#apply(rows, undefined, rows.at(-1)?.message.seq ?? this.last)
      this.#readAgain = true
    }
    this.#goOn()
  }

  #fallBehind(): void {
    this.behind = true
    this.#ctx.metrics.held_back_total += 1
  }

  /** Rows are as of `seq`; what is newer than that comes with the change that it belongs to. */
  #apply(rows: StoredMessage[], event: Event | undefined, seq: number): void {
    const fresh = rows.filter(({ message }) => message.seq > this.last && message.seq <= seq)
    for (const row of fresh.sort((a, b) => a.message.seq - b.message.seq)) this.#applyRow(row)
    if (event) this.#event = event
    if (event && seq > this.last) this.broadcast({ audience: 'all', seq, frame: encodeEventFrame(event, seq) })
    this.last = Math.max(this.last, seq)
  }

  #applyRow(row: StoredMessage): void {
    const { seq } = row.message
    const effect = this.replies.applyMessage(row)
    const delivered = this.broadcast({
      audience: row.audience,
      seq,
      frame: encodeMessageFrame(this.event_id, seq, toMessageJson(row)),
    })
    if (delivered > 0) this.#ctx.onShown?.(row)
    if (effect === 'shown') this.live.show(row.message.message_id)
  }
}
