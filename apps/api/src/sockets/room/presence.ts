import type { RoomHint } from '@engineer-chat/chat/shared'
import { MAX_NAMED_USERS } from '@engineer-chat/protocol'
import { encodeFrame } from '../frames/encode-frame.ts'
import type { RoomMembership } from './membership.ts'
import type { Room, RoomContext } from './room.ts'

/** A node that hasn't been heard of for so many heartbeats is gone. */
const FORGET_AFTER_HEARTBEATS = 2.5

/** Each so many people in a room are told of comings and goings by so much later: all of it costs the same again and again. */
const PEOPLE_PER_DELAY = 50

type PresenceHint = Extract<RoomHint, { type: 'presence' }>

interface Present {
  /** Sorted, and cut. */
  users: string[]
  count: number
}

/** Which people are in a room, on all nodes together. Agents neither count nor hear of it. */
export class Presence {
  readonly #room: Room
  readonly #ctx: RoomContext
  readonly #others = new Map<string, Present & { heard_at: number }>()
  #shown = ''
  #frame: Buffer | undefined
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
    }, this.#delay())
  }

  onPresence({ node_id, users, count = users.length }: PresenceHint): void {
    if (users.length === 0) this.#others.delete(node_id)
    else this.#others.set(node_id, { users, count, heard_at: performance.now() })
    this.changed()
  }

  requestPresence(): void {
    this.#ctx.feed.publishHint(this.#room.event_id, { type: 'who' })
  }

  sendPresence(): void {
    this.#say(true)
  }

  /** With each heartbeat: the others hear that this node is there, and those who weren't heard are forgotten. */
  refresh(): void {
    const oldest = performance.now() - this.#ctx.limits.heartbeat_ms * FORGET_AFTER_HEARTBEATS
    for (const [node_id, { heard_at }] of this.#others) if (heard_at < oldest) this.#others.delete(node_id)
    this.#say(true)
    this.#show()
  }

  showTo(member: RoomMembership): void {
    if (!this.#frame) {
      const everybody = this.#everybody()
      this.#frame = this.#frameOf(everybody)
      this.#shown = toComparableText(everybody)
    }
    if (member.isPerson) member.peer.outbox.send(this.#frame) // who has just come is told of with the others
  }

  close(): void {
    clearTimeout(this.#timer)
    if (this.#said !== '') this.#ctx.feed.publishHint(this.#room.event_id, this.#hint({ users: [], count: 0 }))
  }

  #delay(): number {
    return this.#ctx.limits.presence_ms * (1 + this.#room.members.size / PEOPLE_PER_DELAY)
  }

  #own(): Present {
    const people = this.#room.members.people().sort()
    return { users: people.slice(0, MAX_NAMED_USERS), count: people.length }
  }

  /** Where some aren't named, nobody can tell who is on two nodes: they count twice. */
  #everybody(): Present {
    const nodes: Present[] = [this.#own(), ...this.#others.values()]
    const users = [...new Set(nodes.flatMap((node) => node.users))].sort()
    const allNamed = nodes.every((node) => node.users.length === node.count)
    const count = allNamed ? users.length : nodes.reduce((sum, node) => sum + node.count, 0)
    return { users: users.slice(0, MAX_NAMED_USERS), count }
  }

  #say(always: boolean): void {
    const own = this.#own()
    const said = toComparableText(own)
    if (!always && said === this.#said) return
    this.#said = said
    this.#ctx.feed.publishHint(this.#room.event_id, this.#hint(own))
  }

  #show(): void {
    const everybody = this.#everybody()
    const shown = toComparableText(everybody)
    if (shown === this.#shown || !this.#ctx.gate.isOpen()) return
    this.#shown = shown
    const frame = this.#frameOf(everybody)
    this.#frame = frame
    for (const member of this.#room.members.listViewers('people')) {
      if (member.state === 'live') member.peer.outbox.send(frame)
    }
  }

  #hint({ users, count }: Present): PresenceHint {
    return { type: 'presence', node_id: this.#ctx.nodeId, users, count }
  }

  #frameOf(present: Present): Buffer {
    return encodeFrame({ type: 'presence', event_id: this.#room.event_id, ...present })
  }
}

const toComparableText = ({ users, count }: Present): string => (count === 0 ? '' : `${count} ${users.join(' ')}`)
