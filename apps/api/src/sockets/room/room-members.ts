import type { Audience } from '@engineer-chat/chat/shared'
import { type Delivery, deliver, enqueue, isLive, type LiveMembership, type RoomMembership } from './membership.ts'

const SHARED_AUDIENCES: ReadonlySet<string> = new Set<Audience>(['all', 'people'])

/**
 * Keeps the members of a room by user, so that a private message finds its reader without a search through all
 * members.
 */
export class RoomMembers {
  readonly #byUser = new Map<string, Set<RoomMembership>>()

  add(member: RoomMembership): void {
    const { user_id } = member.peer.caller
    const members = this.#byUser.get(user_id)
    if (members) members.add(member)
    else this.#byUser.set(user_id, new Set([member]))
  }

  remove(member: RoomMembership): void {
    const { user_id } = member.peer.caller
    const members = this.#byUser.get(user_id)
    if (members?.delete(member) && members.size === 0) this.#byUser.delete(user_id)
  }

  /** Counts the users, both people and agents. */
  get userCount(): number {
    return this.#byUser.size
  }

  get isEmpty(): boolean {
    return this.#byUser.size === 0
  }

  *listAll(): Iterable<RoomMembership> {
    for (const members of this.#byUser.values()) yield* members
  }

  *listViewers(audience: Audience): Iterable<RoomMembership> {
    const memberSets = SHARED_AUDIENCES.has(audience) ? this.#byUser.values() : [this.#byUser.get(audience) ?? []]
    for (const members of memberSets) {
      for (const member of members) if (member.canSee(audience)) yield member
    }
  }

  *listLiveViewers(audience: Audience): Iterable<LiveMembership> {
    for (const member of this.listViewers(audience)) if (isLive(member)) yield member
  }

  /**
   * Sends a delivery to all live members who may see it, and queues it for members who are joining, at most `maxQueued`
   * for each. Returns the number of live members that it was sent to.
   */
  broadcast(delivery: Delivery, maxQueued: number): number {
    let sentCount = 0
    for (const member of this.listViewers(delivery.audience)) {
      if (member.status.state === 'joining') enqueue(member.status, delivery, maxQueued)
      else if (isLive(member)) {
        deliver(member, delivery)
        sentCount += 1
      }
    }
    return sentCount
  }

  /** Lists the people who are live here, without agents. */
  listPresentUsers(): string[] {
    const isLivePerson = (member: RoomMembership) => member.isPerson && isLive(member)
    return [...this.#byUser].filter(([, members]) => [...members].some(isLivePerson)).map(([user_id]) => user_id)
  }
}
