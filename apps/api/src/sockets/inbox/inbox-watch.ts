import type { InboxEvent, InboxStore, RecentRowsCache, UserMark } from '@engineer-chat/chat/events'
import { toAccessKey, type UncachedRights } from '@engineer-chat/chat/people'
import type { Log } from '@engineer-chat/chat/shared'
import { createOutageReporter, type OutageReporter } from '@engineer-chat/process/outage'
import type { Connections } from '../connection/connections.ts'
import { encodeFrame } from '../frames/encode-frame.ts'
import type { RightsFreshness } from '../rights/rights-freshness.ts'
import type { SocketLimits } from '../socket-limits.ts'
import { type InboxCheck, InboxUser } from './inbox-user.ts'

/** A check that has read the access to events this often, and each time too slowly, fails. */
const MAX_ACCESS_READS = 3

export interface InboxWatchContext {
  connections: Pick<Connections, 'listAll'>
  inbox: InboxStore
  recentRows: RecentRowsCache
  uncachedRights: Pick<UncachedRights, 'findAccessAndRoles'>
  freshness: Pick<RightsFreshness, 'areRightsFresh'>
  limits: Pick<SocketLimits, 'inboxIntervalMs' | 'rightsMaxAgeMs'>
  log: Log
}

/**
 * Sends the changed unread counts of active events to the people connected to this node, every `inboxIntervalMs`. It
 * finds the changed rooms and read marks in MySQL. It uses no hints, because hints may be lost, or unknown to a node of
 * another version.
 */
export class InboxWatch {
  readonly #ctx: InboxWatchContext
  readonly #timer: NodeJS.Timeout
  readonly #outage: OutageReporter
  readonly #users = new Map<string, InboxUser>()
  #events: ReadonlyMap<string, InboxEvent> = new Map()
  /** Is null until a check has succeeded, and after a check has failed. Then the next check reads and compares all. */
  #marksFetchedUntil: string | null = null
  #isChecking = false

  constructor(ctx: InboxWatchContext) {
    this.#ctx = ctx
    this.#outage = createOutageReporter({
      onLost: (error) => ctx.log.error('EngineerChat.inbox_unreadable', {}, error),
      onRestored: () => undefined,
    })
    this.#timer = setInterval(() => void this.#check(), ctx.limits.inboxIntervalMs)
  }

  close(): void {
    clearInterval(this.#timer)
  }

  async #check(): Promise<void> {
    if (this.#isChecking || !this.#ctx.freshness.areRightsFresh()) return
    this.#isChecking = true
    try {
      this.#updateUsers()
      if (this.#users.size > 0) await this.#checkUsers()
      else this.#reset()
      this.#outage.markRestored()
    } catch (error) {
      // The events and users stay, so the next check finds who has lost access to an event since the last success.
      this.#marksFetchedUntil = null
      this.#outage.markLost(error)
    } finally {
      this.#isChecking = false
    }
  }

  #reset(): void {
    this.#events = new Map()
    this.#marksFetchedUntil = null
  }

  /** Updates the list of connected users. Agents have no inbox. */
  #updateUsers(): void {
    const peers = this.#ctx.connections.listAll().filter(({ caller }) => caller.role !== 'agent')
    const byUser = Map.groupBy(peers, ({ caller }) => caller.user_id)
    for (const user_id of this.#users.keys()) if (!byUser.has(user_id)) this.#users.delete(user_id)
    for (const [user_id, [first, ...otherPeers]] of byUser) {
      if (!first) continue
      const user = this.#users.get(user_id) ?? new InboxUser(first.caller)
      user.peers = [first, ...otherPeers]
      this.#users.set(user_id, user)
    }
  }

  async #checkUsers(): Promise<void> {
    const { inbox, recentRows, freshness } = this.#ctx
    const { marks, at } = await inbox.readChangedMarks(this.#marksFetchedUntil)
    const accessReadAtMs = performance.now()
    const { events, closed } = await this.#readEvents()
    await Promise.all([this.#loadMarks(events), recentRows.refresh([...events.values()])])
    const { restricted, members } = await this.#readFreshAccess(events, accessReadAtMs)
    if (!freshness.areRightsFresh()) return // The next check reads everything again.
    const changed = [...events.values()].filter(
      (event) => this.#marksFetchedUntil === null || hasChanged(event, this.#events.get(event.event_id)),
    )
    const markedIdsByUser = this.#applyMarks(marks)
    const check: InboxCheck = {
      events,
      restricted,
      changedIds: new Set(changed.map(({ event_id }) => event_id)),
      recentRows,
      isMember: (user_id, event_id) => members.has(toAccessKey(user_id, event_id)),
      wasUnrestricted: (event_id) => this.#events.get(event_id)?.access === 'open',
    }
    this.#send(check, markedIdsByUser)
    for (const event_id of closed) for (const user of this.#users.values()) user.forget(event_id)
    this.#events = new Map([...events].filter(([event_id]) => !closed.includes(event_id)))
    this.#marksFetchedUntil = at
  }

  /**
   * Reads a limited number of active events, and the events that were closed since the previous check. Those are sent
   * one last time.
   */
  async #readEvents(): Promise<{ events: Map<string, InboxEvent>; closed: string[] }> {
    const active = await this.#ctx.inbox.listActive(this.#ctx.recentRows.limits.maxEvents)
    const events = new Map(active.map((event) => [event.event_id, event]))
    const missing = [...this.#events.keys()].filter((event_id) => !events.has(event_id))
    const closed = (await this.#ctx.inbox.findEvents(missing)).filter(({ event_status }) => event_status === 'closed')
    for (const event of closed) events.set(event.event_id, event)
    return { events, closed: closed.map(({ event_id }) => event_id) }
  }

  /**
   * Reads the members of restricted events, and the access to the events again if that was read too long ago.
   * @throws if both reads together always take longer than rights may be old
   */
  async #readFreshAccess(events: Map<string, InboxEvent>, accessReadAtMs: number) {
    let readAtMs = accessReadAtMs
    for (let tries = 1; tries <= MAX_ACCESS_READS; tries += 1) {
      const restricted = [...events.values()].filter(({ access }) => access === 'restricted')
      const members = await this.#findMembers(restricted)
      if (performance.now() - readAtMs < this.#ctx.limits.rightsMaxAgeMs) return { restricted, members }
      readAtMs = performance.now()
      await this.#readAccessAgain(events)
    }
    throw new Error('MySQL takes too long to read who may enter the events.')
  }

  /**
   * Reads who may enter the events again. The other fields stay as they are, because the counts may not contain newer
   * rows.
   */
  async #readAccessAgain(events: Map<string, InboxEvent>): Promise<void> {
    const found = await this.#ctx.inbox.findEvents([...events.keys()])
    const accessById = new Map(found.map(({ event_id, access }) => [event_id, access]))
    for (const [event_id, event] of events) {
      const access = accessById.get(event_id)
      if (access === undefined) events.delete(event_id)
      else events.set(event_id, { ...event, access })
    }
  }

  /**
   * Finds which users are members of restricted events. Admin rights do not count here: each admin view would need an
   * audit entry.
   */
  async #findMembers(restricted: readonly InboxEvent[]): Promise<Set<string>> {
    const pairs = restricted.flatMap(({ event_id }) =>
      [...this.#users.keys()].map((user_id) => ({ user_id, event_id })),
    )
    if (pairs.length === 0) return new Set()
    const accessAndRoles = await this.#ctx.uncachedRights.findAccessAndRoles(pairs)
    // The role is null for a user who is not a member.
    return new Set([...accessAndRoles].filter(([, { role }]) => role !== null).map(([key]) => key))
  }

  /** Reads and stores the marks of new users in all events, and of all users in new events. */
  async #loadMarks(events: ReadonlyMap<string, InboxEvent>): Promise<void> {
    const newUsers = [...this.#users.values()].filter(({ isNew }) => isNew || this.#marksFetchedUntil === null)
    const newEvents = [...events.keys()].filter((event_id) => !this.#events.has(event_id))
    const [marksOfNewUsers, marksInNewEvents] = await Promise.all([
      this.#ctx.inbox.findMarks(
        newUsers.map(({ caller }) => caller.user_id),
        [...events.keys()],
      ),
      this.#ctx.inbox.findMarks([...this.#users.keys()], newEvents),
    ])
    for (const { readMarks } of newUsers) readMarks.clear()
    this.#applyMarks([...marksOfNewUsers, ...marksInNewEvents])
  }

  /** Stores the changed marks with their users. Returns for each user the events in which the mark changed. */
  #applyMarks(marks: readonly UserMark[]): Map<string, Set<string>> {
    const markedIdsByUser = new Map<string, Set<string>>()
    for (const { user_id, event_id, ...mark } of marks) {
      this.#users.get(user_id)?.readMarks.set(event_id, mark)
      markedIdsByUser.set(user_id, (markedIdsByUser.get(user_id) ?? new Set<string>()).add(event_id))
    }
    return markedIdsByUser
  }

  #send(check: InboxCheck, markedIdsByUser: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const user of this.#users.values()) {
      const frame = user.createFrame(check, markedIdsByUser.get(user.caller.user_id))
      if (!frame) continue
      const encoded = encodeFrame(frame)
      for (const { outbox } of user.peers) outbox.send(encoded)
    }
  }
}

const hasChanged = (event: InboxEvent, previous: InboxEvent | undefined): boolean =>
  JSON.stringify(event) !== JSON.stringify(previous)
