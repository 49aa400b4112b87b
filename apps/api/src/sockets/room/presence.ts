import type { RoomFeed, RoomHint } from '@engineer-chat/chat/shared'
import { MAX_NAMED_USERS } from '@engineer-chat/protocol'
import { encodeFrame } from '../frames/encode-frame.ts'
import type { RightsFreshness } from '../rights/rights-freshness.ts'
import type { SocketLimits } from '../socket-limits.ts'
import type { RoomMembership } from './membership.ts'
import type { RoomMembers } from './room-members.ts'

/** A node that sent nothing during this many heartbeats counts as stopped. */
const FORGET_AFTER_HEARTBEATS = 2.5

/**
 * A `presence` frame goes to every person in the room on this node. So the delay grows by `presenceDelayMs` for every
 * 50 users (people and agents) of this node.
 */
const USERS_PER_DELAY = 50

type PresenceHint = Extract<RoomHint, { type: 'presence' }>

interface PresentUsers {
  /** The list is sorted, and cut after MAX_NAMED_USERS. */
  users: string[]
  count: number
}

export interface PresenceContext {
  nodeId: string
  feed: Pick<RoomFeed, 'publishHint'>
  freshness: Pick<RightsFreshness, 'areRightsFresh'>
  limits: Pick<SocketLimits, 'presenceDelayMs' | 'heartbeatMs'>
}

/** Tracks which people are in a room, on all nodes. Agents are not counted and do not get `presence` frames. */
export class Presence {
  readonly #eventId: string
  readonly #members: RoomMembers
  readonly #ctx: PresenceContext
  readonly #otherNodes = new Map<string, PresentUsers & { receivedAtMs: number }>()
  /** Holds the last `presence` frame, and the text of its users for comparison. */
  #frame: Buffer | undefined
  #frameText = ''
  /** Holds the text of the last announcement to the other nodes. It is '' if there was none, or it named nobody. */
  #publishedText = ''
  #timer: NodeJS.Timeout | undefined

  constructor(eventId: string, members: RoomMembers, ctx: PresenceContext) {
    this.#eventId = eventId
    this.#members = members
    this.#ctx = ctx
  }

  /** Schedules an announcement, because a member joined or left. */
  scheduleUpdate(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#publishIfChanged()
      this.#sendIfChanged()
    }, this.#computeDelayMs())
  }

  onPresence({ node_id, users, count = users.length }: PresenceHint): void {
    if (users.length === 0) this.#otherNodes.delete(node_id)
    else this.#otherNodes.set(node_id, { users, count, receivedAtMs: performance.now() })
    this.scheduleUpdate()
  }

  /** Asks the other nodes which of their people are in the room. */
  askOtherNodes(): void {
    this.#ctx.feed.publishHint(this.#eventId, { type: 'who' })
  }

  /** Announces the people of this node to the other nodes, even if nothing changed. */
  publish(): void {
    this.#publish(this.#listOwnUsers())
  }

  /** Runs with each heartbeat: announces that this node is alive, and removes silent nodes. */
  refresh(): void {
    const oldestMs = performance.now() - this.#ctx.limits.heartbeatMs * FORGET_AFTER_HEARTBEATS
    for (const [nodeId, { receivedAtMs }] of this.#otherNodes) {
      if (receivedAtMs < oldestMs) this.#otherNodes.delete(nodeId)
    }
    this.publish()
    this.#sendIfChanged()
  }

  /** Sends the last state to a person who has just joined. The next update announces the new member. */
  sendTo(member: RoomMembership): void {
    const frame = this.#frame ?? this.#replaceFrame(this.#listAllUsers())
    if (member.isPerson) member.peer.outbox.send(frame)
  }

  close(): void {
    clearTimeout(this.#timer)
    if (this.#publishedText !== '') this.#publish({ users: [], count: 0 })
  }

  #computeDelayMs(): number {
    return this.#ctx.limits.presenceDelayMs * (1 + this.#members.userCount / USERS_PER_DELAY)
  }

  #listOwnUsers(): PresentUsers {
    const people = this.#members.listPresentUsers().sort()
    return { users: people.slice(0, MAX_NAMED_USERS), count: people.length }
  }

  /**
   * Joins the lists of all nodes. If one of them does not name all its people, a person on two nodes is counted twice,
   * because the lists do not show that it is the same person.
   */
  #listAllUsers(): PresentUsers {
    const nodes: PresentUsers[] = [this.#listOwnUsers(), ...this.#otherNodes.values()]
    const users = [...new Set(nodes.flatMap((node) => node.users))].sort()
    const areAllNamed = nodes.every((node) => node.users.length === node.count)
    const count = areAllNamed ? users.length : nodes.reduce((sum, node) => sum + node.count, 0)
    return { users: users.slice(0, MAX_NAMED_USERS), count }
  }

  #publishIfChanged(): void {
    const ownUsers = this.#listOwnUsers()
    if (toComparableText(ownUsers) !== this.#publishedText) this.#publish(ownUsers)
  }

  #publish({ users, count }: PresentUsers): void {
    this.#publishedText = toComparableText({ users, count })
    this.#ctx.feed.publishHint(this.#eventId, { type: 'presence', node_id: this.#ctx.nodeId, users, count })
  }

  #sendIfChanged(): void {
    const everybody = this.#listAllUsers()
    if (toComparableText(everybody) === this.#frameText || !this.#ctx.freshness.areRightsFresh()) return
    const frame = this.#replaceFrame(everybody)
    for (const member of this.#members.listLiveViewers('people')) member.peer.outbox.send(frame)
  }

  #replaceFrame(present: PresentUsers): Buffer {
    const frame = encodeFrame({ type: 'presence', event_id: this.#eventId, ...present })
    this.#frame = frame
    this.#frameText = toComparableText(present)
    return frame
  }
}

const toComparableText = ({ users, count }: PresentUsers): string => (count === 0 ? '' : `${count} ${users.join(' ')}`)
