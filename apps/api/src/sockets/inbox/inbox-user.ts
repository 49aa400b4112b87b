import { computeInboxCounts, type InboxEvent, type ReadMark, type RecentRowsCache } from '@engineer-chat/chat/events'
import type { Principal } from '@engineer-chat/chat/shared'
import type { Inbox, InboxItem } from '@engineer-chat/protocol'
import type { SocketPeer } from '../room/membership.ts'

/** Remembers which inbox items were sent to a connected user, so that only changed items are sent. */
export class InboxUser {
  readonly caller: Principal
  /** Lists the user's connections at the last check. */
  peers: SocketPeer[] = []
  /** Maps the id of each event to the user's read mark in it. */
  readonly readMarks = new Map<string, ReadMark>()
  /** Holds the ids of the restricted events that the user may enter as a member. */
  readonly #enterableIds = new Set<string>()
  /** Maps the id of each event to the last item that was sent, as JSON. */
  readonly #sentItems = new Map<string, string>()
  /** True means that no successful check has included this user yet. */
  #isNew = true

  constructor(caller: Principal) {
    this.caller = caller
  }

  get isNew(): boolean {
    return this.#isNew
  }

  /**
   * Creates the frame of a check; returns undefined if nothing changed for this user. `markedIds` names the events in
   * which the user's read mark changed.
   */
  createFrame(check: InboxCheck, markedIds: ReadonlySet<string> | undefined): Inbox | undefined {
    const items: InboxItem[] = []
    const removed: string[] = []
    const isRestricted = ({ access }: InboxEvent) => access === 'restricted'
    const restrictedIds = check.restricted.map(({ event_id }) => event_id)
    const ids = new Set([...check.changedIds, ...(markedIds ?? []), ...restrictedIds])
    for (const event_id of ids) {
      const event = check.events.get(event_id)
      if (!event) continue
      const mayEnter = !isRestricted(event) || check.isMember(this.caller.user_id, event_id)
      const couldEnter = check.wasUnrestricted(event_id) || this.#enterableIds.has(event_id)
      if (!mayEnter) {
        this.forget(event_id)
        if (couldEnter && !this.#isNew) removed.push(event_id)
        continue
      }
      if (isRestricted(event)) this.#enterableIds.add(event_id)
      const hasGainedAccess = !couldEnter && !this.#isNew
      const mayHaveChanged = check.changedIds.has(event_id) || markedIds?.has(event_id) || hasGainedAccess
      const item = mayHaveChanged ? this.#createItem(check.recentRows, event) : undefined
      if (item) items.push(item)
    }
    this.#isNew = false
    if (items.length === 0 && removed.length === 0) return undefined
    return { type: 'inbox', events: items, ...(removed.length > 0 && { removed }) }
  }

  forget(event_id: string): void {
    this.#enterableIds.delete(event_id)
    this.#sentItems.delete(event_id)
  }

  /** Creates the item of an event, and remembers it as sent. Returns undefined if the user already has this item. */
  #createItem(recentRows: RecentRowsCache, event: InboxEvent): InboxItem | undefined {
    const { event_id, severity, event_status } = event
    const counts = computeInboxCounts(recentRows, this.caller.user_id, event, this.readMarks.get(event_id))
    const item = { event_id, ...counts, severity, event_status }
    const json = JSON.stringify(item)
    if (this.#sentItems.get(event_id) === json) return undefined
    this.#sentItems.set(event_id, json)
    return item
  }
}

/** Holds the data of a check that all users share. */
export interface InboxCheck {
  /** Holds the active events, and those that were closed since the previous check. */
  events: ReadonlyMap<string, InboxEvent>
  restricted: readonly InboxEvent[]
  /** Names the events that changed since the previous check. */
  changedIds: ReadonlySet<string>
  recentRows: RecentRowsCache
  isMember(user_id: string, event_id: string): boolean
  /** Returns true if everybody could enter the event at the previous check. */
  wasUnrestricted(event_id: string): boolean
}
