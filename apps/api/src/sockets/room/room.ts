import type { Timeline } from '@engineer-chat/chat/rooms'
import type { Audience, RoomChange, RoomFeed, StoredMessage, TextDelta } from '@engineer-chat/chat/shared'
import type { Event } from '@engineer-chat/protocol'
import { encodeEventFrame, encodeFrame, encodeMessageFrame, toMessageJson } from '../frames/encode-frame.ts'
import type { RightsFreshness } from '../rights/rights-freshness.ts'
import type { SocketLimits } from '../socket-limits.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import type { Delivery, JoinedRoom, LiveMembership, RoomMembership } from './membership.ts'
import { PendingChanges } from './pending-changes.ts'
import { Presence } from './presence.ts'
import { RepliesInProgress } from './replies-in-progress.ts'
import { ReplyStreaming } from './reply-streaming.ts'
import { RoomMembers } from './room-members.ts'
import { isSameEvent } from './same-event.ts'

/** With this list, `readChanges` reads no rows, but only the event and its sequence number. */
const NO_AUDIENCES: Audience[] = []
/** With this value, `readChanges` reads the rows of every audience. */
const ALL_AUDIENCES = null

type FoundChanges = NonNullable<Awaited<ReturnType<Timeline['readChanges']>>>

export interface RoomContext {
  nodeId: string
  timeline: Pick<Timeline, 'readChanges' | 'listUnfinishedReplies'>
  feed: RoomFeed
  freshness: RightsFreshness
  limits: SocketLimits
  metrics: SocketMetrics
  /** Runs the read as soon as the node's limit of concurrent reads allows it. */
  limitReads<T>(read: () => Promise<T>): Promise<T>
  /** Runs after a failed read, which is tried again after the next check of the rights. */
  onReadFailed(error: unknown): void
  /** Runs when a new or changed message has been written to live sockets. */
  onDelivered?(row: StoredMessage): void
  /** Runs when the last member has left. */
  onEmpty(room: Room): void
}

/**
 * Represents a room that this node hosts. All live memberships (connections that have their `subscribed` frame) have
 * received every change up to `lastSeq` that they may see, in order. A hint that continues from `lastSeq` raises it.
 * Missing changes are read from MySQL.
 */
export class Room implements JoinedRoom {
  readonly eventId: string
  readonly members = new RoomMembers()
  readonly replies = new RepliesInProgress()
  readonly presence: Presence
  readonly streaming: ReplyStreaming
  lastSeq = 0
  /**
   * True means that MySQL may have changes that were not delivered, because it could not be read or the rights
   * were not fresh.
   */
  isBehind = false
  readonly #ctx: RoomContext
  readonly #pendingChanges = new PendingChanges()
  #state: 'opening' | 'open' | 'closed' = 'opening'
  #event: Event | undefined
  #reading: Promise<void> | undefined
  #mustReadAgain = false
  #reorderTimer: NodeJS.Timeout | undefined
  #catchUpTimer: NodeJS.Timeout | undefined

  constructor(eventId: string, ctx: RoomContext) {
    this.eventId = eventId
    this.#ctx = ctx
    this.presence = new Presence(eventId, this.members, ctx)
    this.streaming = new ReplyStreaming(this, ctx)
  }

  get state(): 'opening' | 'open' | 'closed' {
    return this.#state
  }

  /** Subscribes to changes first, and then reads the event, its sequence number and the replies in progress. */
  async open(): Promise<void> {
    const { feed, limitReads, timeline } = this.#ctx
    await feed.subscribe(this.eventId)
    const [found, thinking] = await limitReads(async () => [
      await timeline.readChanges(this.eventId, NO_AUDIENCES, 0, 1),
      await timeline.listUnfinishedReplies(this.eventId),
    ])
    if (!found) throw new Error('The room has no event.')
    for (const row of thinking) this.replies.applyMessage(row)
    await this.streaming.readAll()
    this.#event = found.event
    this.lastSeq = found.seq
    if (this.#state === 'closed') return
    this.#state = 'open'
    this.#applyPendingChanges()
  }

  close(): void {
    this.#state = 'closed'
    clearTimeout(this.#reorderTimer)
    clearTimeout(this.#catchUpTimer)
    this.presence.close()
  }

  remove(member: RoomMembership): void {
    this.members.remove(member)
    if (this.members.isEmpty) this.#ctx.onEmpty(this)
    else this.presence.scheduleUpdate()
  }

  sendMissedSnapshots(member: LiveMembership): void {
    this.streaming.sendMissedSnapshots(member)
  }

  /** Notifies the other people that this user is typing. */
  broadcastTyping(user_id: string): void {
    if (!this.#ctx.freshness.areRightsFresh()) return
    const frame = encodeFrame({ type: 'typing', event_id: this.eventId, user_id })
    for (const { peer } of this.members.listLiveViewers('people')) {
      if (peer.caller.user_id !== user_id) peer.outbox.send(frame)
    }
  }

  onChange(change: RoomChange): void {
    if (change.seq <= this.lastSeq) return
    this.#pendingChanges.add(change)
    if (this.#state === 'open') this.#applyPendingChanges()
  }

  onDeltas(deltas: TextDelta[]): void {
    if (this.#state === 'open') for (const delta of deltas) this.streaming.onDelta(delta)
  }

  /** Delivers changes up to a sequence number that MySQL has reached. Returns false if that is not possible now. */
  async deliverUpTo(seq: number): Promise<boolean> {
    if (this.lastSeq < seq) await this.catchUp()
    return this.lastSeq >= seq
  }

  /** Delivers the changes and texts that waited for fresh rights or could not be read. */
  deliverHeldBack(): void {
    if (this.isBehind) void this.catchUp()
    this.streaming.sendHeldBack()
  }

  /**
   * Reads the missing changes after a short delay. A change without a valid signature arrives as `read_again`. Many of
   * them within `reorderWaitMs` cause one read.
   */
  scheduleCatchUp(): void {
    this.#catchUpTimer ??= setTimeout(() => {
      this.#catchUpTimer = undefined
      void this.catchUp()
    }, this.#ctx.limits.reorderWaitMs)
  }

  /** Reads the missing changes, one read at a time. A call during a read causes one more read after it. */
  async catchUp(): Promise<void> {
    if (this.#state !== 'open') return
    if (this.#reading !== undefined) {
      this.#mustReadAgain = true
      return this.#reading
    }
    this.#reading = this.#readMissing().finally(() => {
      this.#reading = undefined
      // A hint that arrived during the read may wait for a lower number whose hint was lost.
      if (this.#state === 'open' && !this.isBehind) this.#applyPendingChanges()
    })
    await this.#reading
  }

  /** Returns the number of live members to whom the delivery was sent. */
  #broadcast(delivery: Delivery): number {
    const { limits, metrics } = this.#ctx
    const delivered = this.members.broadcast(delivery, limits.maxQueuedDeliveries)
    metrics.deliveries_total += delivered
    return delivered
  }

  #applyPendingChanges(): void {
    if (!this.#ctx.freshness.areRightsFresh()) {
      this.#markBehind()
      return
    }
    let next = this.#pendingChanges.findNext(this.lastSeq)
    while (next) {
      this.#apply(next.rows, next.event, next.seq)
      next = this.#pendingChanges.findNext(this.lastSeq)
    }
    if (this.#pendingChanges.lacksRows(this.lastSeq)) {
      void this.catchUp()
      return
    }
    if (!this.#pendingChanges.hasWaitingHints || this.#reading || this.#reorderTimer) return
    this.#reorderTimer = setTimeout(() => {
      this.#reorderTimer = undefined
      if (this.#pendingChanges.hasWaitingHints) void this.catchUp()
    }, this.#ctx.limits.reorderWaitMs)
  }

  async #readMissing(): Promise<void> {
    const { timeline, limits, metrics, freshness } = this.#ctx
    do {
      this.#mustReadAgain = false
      metrics.catch_ups_total += 1
      const hintsBeforeRead = this.#pendingChanges.listAll()
      try {
        const found = await timeline.readChanges(this.eventId, ALL_AUDIENCES, this.lastSeq, limits.catchUpRows)
        if (this.#state === 'closed') return
        if (!freshness.areRightsFresh()) return this.#markBehind()
        this.isBehind = false
        if (!found || found.complete) this.#pendingChanges.removeAll(hintsBeforeRead)
        if (found) this.#applyFound(found)
      } catch (error) {
        this.isBehind = true
        return this.#ctx.onReadFailed(error)
      }
    } while (this.#mustReadAgain)
  }

  #applyFound({ rows, seq, event, complete }: FoundChanges): void {
    if (complete) this.#apply(rows, isSameEvent(event, this.#event) ? undefined : event, seq)
    else {
      this.#apply(rows, undefined, rows.at(-1)?.message.seq ?? this.lastSeq)
      this.#mustReadAgain = true
    }
    this.#applyPendingChanges()
  }

  #markBehind(): void {
    this.isBehind = true
    this.#ctx.metrics.held_back_total += 1
  }

  /** Applies rows up to `seq`. Newer rows are left out, because they come with another change. */
  #apply(rows: StoredMessage[], event: Event | undefined, seq: number): void {
    const newRows = rows.filter(({ message }) => message.seq > this.lastSeq && message.seq <= seq)
    for (const row of newRows.sort((a, b) => a.message.seq - b.message.seq)) this.#applyRow(row)
    if (event) this.#event = event
    if (event && seq > this.lastSeq) this.#broadcast({ audience: 'all', seq, frame: encodeEventFrame(event, seq) })
    this.lastSeq = Math.max(this.lastSeq, seq)
  }

  #applyRow(row: StoredMessage): void {
    const { seq } = row.message
    const effect = this.replies.applyMessage(row)
    const frame = encodeMessageFrame(this.eventId, seq, toMessageJson(row))
    if (this.#broadcast({ audience: row.audience, seq, frame }) > 0) this.#ctx.onDelivered?.(row)
    if (effect === 'audience_widened') this.streaming.sendSnapshot(row.message.message_id)
  }
}
