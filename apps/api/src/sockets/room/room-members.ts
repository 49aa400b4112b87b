import type { Audience } from '@engineer-chat/chat/shared'
import type { RoomMembership } from './membership.ts'

const COMMON: ReadonlySet<string> = new Set<Audience>(['all', 'people'])

/** Who is in a room, found by user: a private row has one reader, however many others are there. */
export class RoomMembers {
  readonly #byUser = new Map<string, Set<RoomMembership>>()

  /** True for the user's first socket here. */
  add(member: RoomMembership): boolean {
    const { user_id } = member.peer.caller
    const own = this.#byUser.get(user_id)
    if (own) own.add(member)
    else this.#byUser.set(user_id, new Set([member]))
    return !own
  }

  /** True for the user's last one. */
  remove(member: RoomMembership): boolean {
    const { user_id } = member.peer.caller
    const own = this.#byUser.get(user_id)
    if (!own?.delete(member) || own.size > 0) return false
    return this.#byUser.delete(user_id)
  }

  /** Users, whoever they are. */
  get size(): number {
    return this.#byUser.size
  }

  get isEmpty(): boolean {
    return this.#byUser.size === 0
  }

  *all(): Iterable<RoomMembership> {
    for (const own of this.#byUser.values()) yield* own
  }

  *listViewers(audience: Audience): Iterable<RoomMembership> {
    const readers = COMMON.has(audience) ? this.#byUser.values() : [this.#byUser.get(audience) ?? []]
    for (const own of readers) for (const member of own) if (member.canSee(audience)) yield member
  }

  /** People who are live here; agents are no company. */
  people(): string[] {
    const isHere = (member: RoomMembership) => member.isPerson && member.state === 'live'
    return [...this.#byUser].filter(([, own]) => [...own].some(isHere)).map(([user_id]) => user_id)
  }
}
