import type { RoomFeed, TextDelta } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { encodeFrame } from '../frames/encode-frame.ts'
import type { RightsFreshness } from '../rights/rights-freshness.ts'
import type { SocketMetrics } from '../socket-metrics.ts'
import { isLive, type LiveMembership } from './membership.ts'
import { FOLLOWING, type RepliesInProgress, type ReplyInProgress } from './replies-in-progress.ts'
import type { RoomMembers } from './room-members.ts'

/** If a text could not be read, or had nothing new, it is not read again during this time. */
const PAUSE_MS = 250
/** At most this many deltas wait while the whole text is read. Later ones are dropped, which causes another read. */
const MAX_WAITING_DELTAS = 200
/** A room waits at most this long for the texts in progress before it opens. */
const OPEN_TIMEOUT_MS = 250

export interface StreamedRoom {
  readonly eventId: string
  readonly members: RoomMembers
  readonly replies: RepliesInProgress
}

export interface StreamingContext {
  feed: Pick<RoomFeed, 'findReplyText'>
  freshness: Pick<RightsFreshness, 'areRightsFresh'>
  metrics: Pick<SocketMetrics, 'deltas_dropped_total'>
}

/**
 * Sends the texts of a room's replies in progress as deltas to the members who may see them. If deltas are missing, the
 * text is read and sent as a whole. Sockets that were too slow for the deltas get the whole text too.
 */
export class ReplyStreaming {
  readonly #room: StreamedRoom
  readonly #ctx: StreamingContext
  /** Holds the ids of replies whose new text was not sent, because the last read of the rights was too old. */
  readonly #unsent = new Set<string>()

  constructor(room: StreamedRoom, ctx: StreamingContext) {
    this.#room = room
    this.#ctx = ctx
  }

  /**
   * Reads all texts when the room opens. If Redis hangs, the room opens without them, and sends them when they come.
   */
  async readAll(): Promise<void> {
    const replies = [...this.#room.replies.listAll()]
    if (replies.length === 0) return
    const all = Promise.all(replies.map(({ messageId }) => this.#readAndSend(messageId)))
    await withTimeout(all, OPEN_TIMEOUT_MS, () => undefined)
  }

  onDelta(delta: TextDelta): void {
    const status = this.#room.replies.get(delta.message_id)?.textStatus
    if (status?.state === 'reading') {
      if (status.waiting.length < MAX_WAITING_DELTAS) status.waiting.push(delta)
      else this.#ctx.metrics.deltas_dropped_total += 1
      return
    }
    const effect = this.#room.replies.applyDelta(delta)
    if (effect === 'next') this.#sendDelta(delta)
    if (effect === 'early') void this.#readMissedText(delta.message_id)
  }

  /** Sends the whole text so far to everybody who may see it. */
  sendSnapshot(messageId: string): void {
    const reply = this.#room.replies.get(messageId)
    if (!reply) return
    if (!this.#ctx.freshness.areRightsFresh()) {
      this.#unsent.add(messageId)
      return
    }
    const frame = encodeSnapshot(this.#room.eventId, reply)
    for (const member of this.#room.members.listLiveViewers(reply.audience))
      this.#sendOrMarkMissed(member, messageId, frame)
  }

  /** Sends the texts that had to wait until the rights are fresh again. */
  sendHeldBack(): void {
    const unsent = [...this.#unsent]
    this.#unsent.clear()
    for (const messageId of unsent) this.sendSnapshot(messageId)
    for (const member of this.#room.members.listAll()) if (isLive(member)) this.sendMissedSnapshots(member)
  }

  /** Sends every reply in progress that this member may see, right after its `subscribed` frame. */
  sendAllSnapshots(member: LiveMembership): void {
    for (const reply of this.#room.replies.listAll()) {
      if (member.canSee(reply.audience)) this.#sendReply(member, reply)
    }
  }

  /** Sends the whole texts of replies with dropped deltas, after the socket has drained. */
  sendMissedSnapshots(member: LiveMembership): void {
    const { missedReplies } = member.status
    if (missedReplies.size === 0 || !this.#ctx.freshness.areRightsFresh()) return
    for (const messageId of [...missedReplies]) {
      const reply = this.#room.replies.get(messageId)
      if (reply && member.canSee(reply.audience)) this.#sendReply(member, reply)
      else missedReplies.delete(messageId)
    }
  }

  #sendDelta(delta: TextDelta): void {
    const reply = this.#room.replies.get(delta.message_id)
    if (!reply) return
    if (!this.#ctx.freshness.areRightsFresh()) {
      this.#unsent.add(delta.message_id)
      return
    }
    const { event_id, message_id, attempt, index, text } = delta
    const frame = encodeFrame({ type: 'delta', event_id, message_id, attempt, index, text })
    for (const member of this.#room.members.listLiveViewers(reply.audience)) {
      if (member.status.missedReplies.has(message_id) || member.peer.outbox.isCongested) {
        member.status.missedReplies.add(message_id)
        this.#ctx.metrics.deltas_dropped_total += 1
      } else member.peer.outbox.send(frame)
    }
  }

  #sendReply(member: LiveMembership, reply: ReplyInProgress): void {
    this.#sendOrMarkMissed(member, reply.messageId, encodeSnapshot(this.#room.eventId, reply))
  }

  #sendOrMarkMissed(member: LiveMembership, messageId: string, frame: Buffer): void {
    if (member.peer.outbox.isCongested) {
      member.status.missedReplies.add(messageId)
      return
    }
    member.status.missedReplies.delete(messageId)
    member.peer.outbox.send(frame)
  }

  async #readMissedText(messageId: string): Promise<void> {
    const reply = this.#room.replies.get(messageId)
    if (!reply || isPausing(reply)) return
    const waiting: TextDelta[] = []
    reply.textStatus = { state: 'reading', waiting }
    const isNewer = await this.#readAndSend(messageId)
    reply.textStatus = isNewer ? FOLLOWING : { state: 'pausing', untilMs: performance.now() + PAUSE_MS }
    for (const delta of waiting) this.onDelta(delta)
  }

  /** Reads the whole text of a reply, and sends it if it is newer than the known text. Returns true if it is newer. */
  async #readAndSend(messageId: string): Promise<boolean> {
    const text = await this.#ctx.feed.findReplyText(messageId).catch(() => undefined)
    const isNewer = text !== undefined && this.#room.replies.applyText(messageId, text)
    if (isNewer) this.sendSnapshot(messageId)
    return isNewer
  }
}

const isPausing = ({ textStatus }: ReplyInProgress): boolean =>
  textStatus.state === 'pausing' && performance.now() < textStatus.untilMs

function encodeSnapshot(event_id: string, { messageId, attempt, nextIndex, text, isCut }: ReplyInProgress): Buffer {
  return encodeFrame({
    type: 'snapshot',
    event_id,
    message_id: messageId,
    attempt,
    next_index: nextIndex,
    text,
    ...(isCut && { truncated: true }),
  })
}
