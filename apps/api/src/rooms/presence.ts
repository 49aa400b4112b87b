import type { RoomHint } from '@engineer-chat/chat'
import { encode } from './frames/encode.ts'
import type { Member } from './member.ts'
import type { Room, RoomContext } from './room.ts'

/** A node that hasn't been heard of for so many heartbeats is gone. */
const FORGET_AFTER_HEARTBEATS = 2.5

type PresenceHint = Extract<RoomHint, { type: 'presence' }>

/** Which people are in a room, on all nodes together. Agents neither count nor hear of it. */
export class Presence {
  readonly #room: Room
  readonly #ctx: RoomContext
  readonly #others = new Map<string, { users: string[]; heard_at: number }>()
  #shown = ''
  #said = ''
  #timer: NodeJS.Timeout | undefined

  constructor(room: Room, ctx: RoomContext) {
    this.#room = room
    this.#ctx = ctx
  }

  /** Somebody came or went here. */
  changed(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#say(false)
      this.#show()
    }, this.#ctx.limits.presence_ms)
  }

  hear({ node_id, users }: PresenceHint): void {
    if (users.length === 0) this.#others.delete(node_id)
    else this.#others.set(node_id, { users, heard_at: performance.now() })
    this.changed()
  }

  ask(): void {
    this.#ctx.feed.tell(this.#room.event_id, { type: 'who' })
  }

  answer(): void {
    this.#say(true)
  }

  /** With each heartbeat: the others hear that this node is there, and those who weren't heard are forgotten. */
  refresh(): void {
    const oldest = performance.now() - this.#ctx.limits.heartbeat_ms * FORGET_AFTER_HEARTBEATS
    for (const [node_id, { heard_at }] of this.#others) if (heard_at < oldest) this.#others.delete(node_id)
    this.#say(true)
    this.#show()
  }

  showTo(member: Member): void {
    if (member.isPerson) member.peer.outbox.send(this.#frame(this.#users()))
  }

  close(): void {
    clearTimeout(this.#timer)
    if (this.#said !== '') this.#ctx.feed.tell(this.#room.event_id, this.#hint([]))
  }

  #users(): string[] {
    const others = [...this.#others.values()].flatMap(({ users }) => users)
    return [...new Set([...this.#room.members.people(), ...others])].sort()
  }

  #say(always: boolean): void {
    const users = this.#room.members.people()
    const said = users.sort().join(' ')
    if (!always && said === this.#said) return
    this.#said = said
    this.#ctx.feed.tell(this.#room.event_id, this.#hint(users))
  }

  #show(): void {
    const users = this.#users()
    const shown = users.join(' ')
    if (shown === this.#shown || !this.#ctx.gate.isOpen()) return
    this.#shown = shown
    const frame = this.#frame(users)
    for (const member of this.#room.members.seeing('people')) {
      if (member.state === 'live') member.peer.outbox.send(frame)
    }
  }

  #hint(users: string[]): PresenceHint {
    return { type: 'presence', node_id: this.#ctx.nodeId, users }
  }

  #frame(users: string[]): Buffer {
    return encode({ type: 'presence', event_id: this.#room.event_id, users })
  }
}
