import type { EventRights } from '@engineer-chat/chat/people'
import type { RoomHint } from '@engineer-chat/chat/shared'
import type { OutageReporter } from '@engineer-chat/process/outage'
import { CLOSE_CODES } from '@engineer-chat/protocol'
import { deliverHint } from './deliver-hint.ts'
import type { JoiningState, RoomMembership } from './membership.ts'
import { Room, type RoomContext } from './room.ts'

export interface NodeRoomsContext extends Omit<RoomContext, 'onReadFailed' | 'onEmpty'> {
  /** Logs that rooms cannot be read. */
  outage: Pick<OutageReporter, 'markLost'>
}

/** Keeps the rooms that at least one socket of this node is in. */
export class NodeRooms {
  readonly #ctx: NodeRoomsContext
  readonly #hosted = new Map<string, { room: Room; opened: Promise<void> }>()

  constructor(ctx: NodeRoomsContext) {
    this.#ctx = ctx
  }

  get size(): number {
    return this.#hosted.size
  }

  listAll(): Room[] {
    return [...this.#hosted.values()].map(({ room }) => room)
  }

  /**
   * Adds the member to the room, which opens for its first member, and waits until the room is open. Changes are queued
   * for the member from the moment of the call.
   */
  async join(member: RoomMembership, rights: EventRights): Promise<{ room: Room; joining: JoiningState }> {
    const { room, opened } = this.#host(member.eventId)
    const joining: JoiningState = { state: 'joining', room, rights, queue: [], hasOverflowed: false }
    member.status = joining
    room.members.add(member)
    await opened
    return { room, joining }
  }

  onHint(eventId: string, hint: RoomHint): void {
    const room = this.#hosted.get(eventId)?.room
    if (room) deliverHint(room, hint)
  }

  /** Announces who is in the rooms of this node, and asks the other nodes to do the same, because hints were lost. */
  exchangePresence(): void {
    for (const { presence } of this.listAll()) {
      presence.publish()
      presence.askOtherNodes()
    }
  }

  /** Delivers what the rooms that may lack changes have held back. It runs after each check of the rights. */
  catchUpRoomsBehind(): void {
    for (const room of this.listAll()) if (room.isBehind) room.deliverHeldBack()
  }

  /** Makes all members reconnect and read the room again, because MySQL was reset to an older state. */
  evict(room: Room): void {
    for (const { peer } of [...room.members.listAll()]) peer.close(CLOSE_CODES.restart, 'room_set_back')
    this.drop(room)
  }

  /** Closes the room, and ends this node's subscription to its changes. */
  drop(room: Room): void {
    if (room.state === 'closed') return
    room.close()
    if (this.#hosted.get(room.eventId)?.room !== room) return
    this.#hosted.delete(room.eventId)
    this.#ctx.feed.unsubscribe(room.eventId)
    this.#ctx.metrics.rooms = this.#hosted.size
  }

  #host(eventId: string): { room: Room; opened: Promise<void> } {
    const hosted = this.#hosted.get(eventId)
    if (hosted) return hosted
    const room = new Room(eventId, {
      ...this.#ctx,
      onReadFailed: (error) => this.#ctx.outage.markLost(error),
      onEmpty: (empty) => this.drop(empty),
    })
    const opened = room.open().then(
      () => room.presence.askOtherNodes(),
      (error: unknown) => {
        this.drop(room) // All callers that wait for the room get the error. The next call opens the room again.
        throw error
      },
    )
    this.#hosted.set(eventId, { room, opened })
    this.#ctx.metrics.rooms = this.#hosted.size
    return { room, opened }
  }
}
