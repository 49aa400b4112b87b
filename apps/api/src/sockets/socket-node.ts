import type { EventStore, InboxStore, RecentRowsCache } from '@engineer-chat/chat/events'
import type { UncachedRights } from '@engineer-chat/chat/people'
import type { Timeline } from '@engineer-chat/chat/rooms'
import type { Log, RoomFeed, StoredMessage, TicketStore } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import { limitConcurrency } from '@engineer-chat/process/limit-concurrency'
import { createOutageReporter } from '@engineer-chat/process/outage'
import { Connections } from './connection/connections.ts'
import { createHeartbeat, HEARTBEAT_GROUPS } from './connection/heartbeats.ts'
import { WriteBatch } from './connection/write-batch.ts'
import { InboxWatch } from './inbox/inbox-watch.ts'
import { createRightsFreshness, type RightsFreshness } from './rights/rights-freshness.ts'
import { type CoalescedRights, createCoalescedRights } from './rights/rights-reads.ts'
import { RightsWatch } from './rights/rights-watch.ts'
import { createRoomComparison } from './room/compare-rooms.ts'
import { NodeRooms } from './room/node-rooms.ts'
import type { RecordViewContext } from './room/record-admin-view.ts'
import type { SocketLimits } from './socket-limits.ts'
import type { SocketMetrics } from './socket-metrics.ts'

/** Holds the dependencies of a WebSocket node. */
export interface SocketDeps extends RecordViewContext {
  nodeId: string
  timeline: Timeline
  events: Pick<EventStore, 'find'>
  inbox: InboxStore
  recentRows: RecentRowsCache
  uncachedRights: UncachedRights
  tickets: TicketStore<ExpiringSignIn>
  /** Receives the hints of all nodes about the rooms that this node subscribes to, and sends hints of its own. */
  feed: RoomFeed
  /** Finds the sign-in of an access token. It throws if the token is expired or has no valid signature. */
  verifyToken(token: string): ExpiringSignIn | Promise<ExpiringSignIn>
  log: Log
  /** Runs when a new or changed message has been written to live sockets. */
  onDelivered?(row: StoredMessage): void
  /** Counts a client without a valid token or ticket. Resolves to true if too many came from its network. */
  onUnknownCaller?(address: string): Promise<boolean>
}

/** Holds the parts of a WebSocket node. Each function takes only the parts that it uses. */
export interface SocketNode extends SocketDeps {
  readonly limits: SocketLimits
  readonly metrics: SocketMetrics
  readonly connections: Connections
  readonly rooms: NodeRooms
  readonly coalescedRights: CoalescedRights
  /** Tells whether the last read of the connections' rights is recent enough to deliver changes. */
  readonly freshness: RightsFreshness
  readonly batch: WriteBatch
  /** Limits how many reads run concurrently, because many sockets may subscribe at the same moment. */
  limitReads<T>(read: () => Promise<T>): Promise<T>
  /** Stops all timers and closes all rooms. */
  stop(): void
}

export function createSocketNode(deps: SocketDeps, limits: SocketLimits, metrics: SocketMetrics): SocketNode {
  const { feed, log, timeline } = deps
  const freshness = createRightsFreshness(limits.rightsMaxAgeMs)
  const limitReads = limitConcurrency(limits.maxConcurrentReads)
  const outage = createOutageReporter({
    onLost: (error) => log.error('EngineerChat.rooms_unreadable', { count: rooms.size }, error),
    onRestored: () => undefined,
  })
  const connections = new Connections({ limits, metrics })
  const rooms = new NodeRooms({ ...deps, limits, metrics, freshness, limitReads, outage })
  const compareRooms = createRoomComparison({ rooms, timeline, log, outage })
  const onChecked = () => rooms.catchUpRoomsBehind()
  const rightsWatch = new RightsWatch({ ...deps, connections, freshness, limits, metrics, onChecked })

  const inboxWatch = new InboxWatch({ ...deps, connections, freshness, limits })

  freshness.onFreshAgain(() => {
    for (const room of rooms.listAll()) room.deliverHeldBack()
  })
  feed.onHint((event_id, hint) => rooms.onHint(event_id, hint))
  feed.onRightsChanged(() => void rightsWatch.check())
  feed.onGap(() => {
    void compareRooms()
    void rightsWatch.check()
    rooms.exchangePresence()
  })
  const timers = [
    setInterval(() => void compareRooms(), limits.compareIntervalMs),
    setInterval(() => {
      for (const room of rooms.listAll()) room.presence.refresh()
    }, limits.heartbeatMs),
    setInterval(createHeartbeat(connections), limits.heartbeatMs / HEARTBEAT_GROUPS),
  ]
  return {
    ...deps,
    limits,
    metrics,
    connections,
    rooms,
    coalescedRights: createCoalescedRights(deps.uncachedRights),
    freshness,
    batch: new WriteBatch(),
    limitReads,
    stop() {
      rightsWatch.close()
      inboxWatch.close()
      for (const timer of timers) clearInterval(timer)
      for (const room of rooms.listAll()) rooms.drop(room)
    },
  }
}
