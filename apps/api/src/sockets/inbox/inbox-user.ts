import { type InboxEvent, type ReadMark, type RecentRowsCache, toCounts } from '@engineer-chat/chat/events'
import type { Principal } from '@engineer-chat/chat/shared'
import type { Inbox, InboxItem } from '@engineer-chat/protocol'
import type { SocketPeer } from '../room/membership.ts'

/** Remembers which inbox items were sent to a connected user, so that only changed items are sent. */
export class InboxUser {
  readonly caller: Principal
  /** Lists the user's connections in this round. */
  peers: SocketPeer[] = []
  readonly marks = new Map<string, ReadMark>()
  /** Holds the ids of the restricted events that the user may enter as a member. */
  readonly #entered = new Set<string>()
  /** Holds the last item that was sent of each event, as JSON. */
  readonly #sent = new Map<string, string>()
  #isNew = true

  constructor(caller: Principal) {
    this.caller = caller
  }

  /**
   * Creates the frame of a round; returns undefined if nothing changed for this user. `round.changed` names the events
   * that changed since the last round. `marked` names the events in which the user's read mark changed.
   */
  createFrame(round: InboxRound, marked: ReadonlySet<string> | undefined): Inbox | undefined {
    const items: InboxItem[] = []
    const removed: string[] = []
    const isRestricted = ({ access }: InboxEvent) => access === 'restricted'
    const ids = new Set([...round.changed, ...(marked ?? []), ...round.restricted.map(({ event_id }) => event_id)])
    for (const event_id of ids) {
      const event = round.events.get(event_id)
      if (!event) continue
      const mayEnter = !isRestricted(event) || round.isMember(this.caller.user_id, event_id)
      const couldEnter = round.wasUnrestricted(event_id) || this.#entered.has(event_id)
      if (!mayEnter) {
        this.forget(event_id)
        if (couldEnter && !this.#isNew) removed.push(event_id)
        continue
      }
      if (isRestricted(event)) this.#entered.add(event_id)
      const isDue = round.changed.has(event_id) || marked?.has(event_id) || (!couldEnter && !this.#isNew)
      const item = isDue ? this.#createItem(round.recentRows, event) : undefined
      if (item) items.push(item)
    }
    this.#isNew = false
    if (items.length === 0 && removed.length === 0) return undefined
    return { type: 'inbox', events: items, ...(removed.length > 0 && { removed }) }
  }

  forget(event_id: string): void {
    this.#entered.delete(event_id)
    this.#sent.delete(event_id)
  }

  /** Creates the item of an event, and remembers it as sent. Returns undefined if the user already has this item. */
  #createItem(recentRows: RecentRowsCache, event: InboxEvent): InboxItem | undefined {
    const { event_id, severity, event_status } = event
    const counts = toCounts(recentRows, this.caller.user_id, event, this.marks.get(event_id))
    const item = { event_id, ...counts, severity, event_status }
    const json = JSON.stringify(item)
    if (this.#sent.get(event_id) === json) return undefined
    this.#sent.set(event_id, json)
    return item
  }
}

/** Holds the data of a round that all users share. */
export interface InboxRound {
  /** Holds the active events, and those that were closed since the last round. */
  events: ReadonlyMap<string, InboxEvent>
  restricted: readonly InboxEvent[]
  changed: ReadonlySet<string>
  recentRows: RecentRowsCache
  isMember(user_id: string, event_id: string): boolean
  /** Returns true if everybody could enter the event in the last round. */
  wasUnrestricted(event_id: string): boolean
}
