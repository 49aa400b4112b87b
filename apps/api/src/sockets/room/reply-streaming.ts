import type { TextDelta } from '@engineer-chat/chat/shared'
import { withTimeout } from '@engineer-chat/process/with-timeout'
import { encodeFrame } from '../frames/encode-frame.ts'
import type { RoomMembership } from './membership.ts'
import type { ReplyInProgress } from './replies-in-progress.ts'
import type { Room, RoomContext } from './room.ts'

/** After a text couldn't be read, or told nothing new, it isn't asked for again for so long. */
const READ_AGAIN_MS = 250
const MAX_WAITING = 200
/** A room waits so long for the texts in progress before it opens. */
const OPEN_WITHOUT_MS = 250

/**
 * What is being written in a room, piece by piece to those who may see it. Where pieces are missing, the text is read and
 * shown as a whole; so it is to sockets that were too slow for the pieces.
 */
export class ReplyStreaming {
  readonly #room: Room
  readonly #ctx: RoomContext
  /** Pieces that came while the text was being read. */
  readonly #reading = new Map<string, TextDelta[]>()
  /** Written while nothing could be delivered. */
  readonly #unseen = new Set<string>()

  constructor(room: Room, ctx: RoomContext) {
    this.#room = room
    this.#ctx = ctx
  }

  /** When the room is opened. A Redis that hangs doesn't hold it up: what it says later is shown then. */
  async readAll(): Promise<void> {
    const replies = [...this.#room.replies.values()]
    if (replies.length === 0) return
    const all = Promise.all(replies.map(({ message_id }) => this.#readFirst(message_id)))
    await withTimeout(all, OPEN_WITHOUT_MS, () => undefined)
  }

  async #readFirst(message_id: string): Promise<void> {
    const text = await this.#ctx.feed.findReplyText(message_id).catch(() => undefined)
    if (text && this.#room.replies.applyText(message_id, text)) this.show(message_id)
  }

  onDelta(delta: TextDelta): void {
    const waiting = this.#reading.get(delta.message_id)
    if (waiting) {
      if (waiting.length < MAX_WAITING) waiting.push(delta)
      return
    }
    const effect = this.#room.replies.applyDelta(delta)
    if (effect === 'next') this.#tell(delta)
    if (effect === 'gap') void this.#read(delta.message_id)
  }

  /** The whole text so far, to everybody who may see it. */
  show(message_id: string): void {
    const reply = this.#room.replies.get(message_id)
    if (!reply) return
    if (!this.#ctx.gate.isOpen()) return void this.#unseen.add(message_id)
    const frame = encodeSnapshot(this.#room.event_id, reply)
    for (const member of this.#viewers(reply)) this.#showTo(member, message_id, frame)
  }

  showUnseen(): void {
    const unseen = [...this.#unseen]
    this.#unseen.clear()
    for (const message_id of unseen) this.show(message_id)
  }

  /** Every reply in progress that this member may see; right after the answer to its subscription. */
  showAll(member: RoomMembership): void {
    for (const reply of this.#room.replies.values()) {
      if (member.canSee(reply.audience)) {
        this.#showTo(member, reply.message_id, encodeSnapshot(this.#room.event_id, reply))
      }
    }
  }

  /** The socket has room again: what was dropped is made up for. */
  sendMissedSnapshots(member: RoomMembership): void {
    if (!this.#ctx.gate.isOpen()) return
    for (const message_id of [...member.missedReplies]) {
      const reply = this.#room.replies.get(message_id)
      if (reply && member.canSee(reply.audience)) {
        this.#showTo(member, message_id, encodeSnapshot(this.#room.event_id, reply))
      } else member.missedReplies.delete(message_id)
    }
  }

  #tell(delta: TextDelta): void {
    const reply = this.#room.replies.get(delta.message_id)
    if (!reply) return
    if (!this.#ctx.gate.isOpen()) return void this.#unseen.add(delta.message_id)
    const { event_id, message_id, attempt, index, text } = delta
    const frame = encodeFrame({ type: 'delta', event_id, message_id, attempt, index, text })
    for (const member of this.#viewers(reply)) {
      if (member.missedReplies.has(message_id) || member.peer.outbox.congested) this.#owe(member, message_id)
      else member.peer.outbox.send(frame)
    }
  }

  #showTo(member: RoomMembership, message_id: string, frame: Buffer): void {
    if (member.peer.outbox.congested) {
      this.#owe(member, message_id)
      return
    }
    member.missedReplies.delete(message_id)
    member.peer.outbox.send(frame)
  }

  #owe(member: RoomMembership, message_id: string): void {
    member.missedReplies.add(message_id)
    this.#ctx.metrics.deltas_dropped_total += 1
  }

  *#viewers(reply: ReplyInProgress): Iterable<RoomMembership> {
    for (const member of this.#room.members.listViewers(reply.audience)) if (member.state === 'live') yield member
  }

  async #read(message_id: string): Promise<void> {
    const reply = this.#room.replies.get(message_id)
    if (!reply || performance.now() < reply.read_again_at) return
    const waiting: TextDelta[] = []
    this.#reading.set(message_id, waiting)
    const text = await this.#ctx.feed.findReplyText(message_id).catch(() => undefined)
    this.#reading.delete(message_id)
    if (text && this.#room.replies.applyText(message_id, text)) this.show(message_id)
    else reply.read_again_at = performance.now() + READ_AGAIN_MS
    for (const delta of waiting) this.onDelta(delta)
  }
}

function encodeSnapshot(
  event_id: string,
  { message_id, attempt, next_index, text, truncated }: ReplyInProgress,
): Buffer {
  const cut = truncated ? ({ truncated: true } as const) : {}
  return encodeFrame({ type: 'snapshot', event_id, message_id, attempt, next_index, text, ...cut })
}
