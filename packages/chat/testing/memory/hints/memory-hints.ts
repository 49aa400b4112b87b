import type { ReplyStreams } from '../../../src/shared/reply-streams.ts'
import type { CancelFeed, RoomBus } from '../../../src/shared/room-bus.ts'
import type { RoomFeed, RoomHint } from '../../../src/shared/room-feed.ts'
import { createMemoryReplyStreams, type PublishDeltas } from './live-replies.ts'
import { createMemoryQueue, type MemoryQueue } from './reply-queue.ts'

/** Names the hints that can get lost. `replyStreams` are the texts of unfinished replies, as a snapshot reads them. */
export type LosableHint = 'changes' | 'deltas' | 'rights' | 'cancels' | 'jobs' | 'replyStreams' | 'others'

export interface MemoryHints {
  bus: RoomBus
  queue: MemoryQueue
  replyStreams: ReplyStreams
  cancels: CancelFeed
  /** Returns the same feed each time for the same node. */
  feed(node_id: string): RoomFeed
  /** Loses these hints silently from now on (all of them, if none is named). */
  lose(...kinds: LosableHint[]): void
  /** Stops the losses, but reports no gap. */
  stopLosses(): void
  /** Stops the losses and reports the gap to every feed, as after a reconnect. */
  reconnect(): void
}

interface Node {
  rooms: Set<string>
  hintListeners: Array<(event_id: string, hint: RoomHint) => void>
  rightsListeners: Array<() => void>
  gapListeners: Array<() => void>
}

const ALL: LosableHint[] = ['changes', 'deltas', 'rights', 'cancels', 'jobs', 'replyStreams', 'others']

/** Creates bus, queue, reply streams and feeds of many nodes in one process. Hints arrive a microtask later. */
export function createMemoryHints(): MemoryHints {
  const lost = new Set<LosableHint>()
  const nodes = new Map<string, Node>()
  const feeds = new Map<string, RoomFeed>()
  const cancelListeners: Array<(message_id: string) => void> = []

  const publish = (kind: LosableHint, event_id: string, hint: RoomHint, senderId?: string) => {
    if (!lost.has(kind)) deliver(nodes, event_id, hint, senderId)
  }
  const publishDeltas: PublishDeltas = (event_id, deltas) => publish('deltas', event_id, { type: 'deltas', deltas })
  const { replyStreams, findReplyText } = createMemoryReplyStreams(publishDeltas, () => lost.has('replyStreams'))

  const bus: RoomBus = {
    publish: (change) => publish('changes', change.event_id, { type: 'change', change }),
    publishRightsChange() {
      if (lost.has('rights')) return
      for (const node of nodes.values()) queueMicrotask(() => callListeners(node.rightsListeners))
    },
    publishCancel(message_id) {
      if (!lost.has('cancels')) queueMicrotask(() => callListeners(cancelListeners, message_id))
    },
  }

  const feed = (node_id: string): RoomFeed => {
    const node: Node = { rooms: new Set(), hintListeners: [], rightsListeners: [], gapListeners: [] }
    nodes.set(node_id, node)
    return {
      subscribe: async (event_id) => void node.rooms.add(event_id),
      unsubscribe: (event_id) => void node.rooms.delete(event_id),
      onHint: (listener) => void node.hintListeners.push(listener),
      onRightsChanged: (listener) => void node.rightsListeners.push(listener),
      onGap: (listener) => void node.gapListeners.push(listener),
      publishHint: (event_id, hint) => publish('others', event_id, hint, node_id),
      findReplyText: async (message_id) => findReplyText(message_id),
    }
  }

  return {
    bus,
    queue: createMemoryQueue(() => lost.has('jobs')),
    replyStreams,
    cancels: { onCancel: (listener) => void cancelListeners.push(listener) },
    feed(node_id) {
      const known = feeds.get(node_id) ?? feed(node_id)
      feeds.set(node_id, known)
      return known
    },
    lose(...kinds) {
      for (const kind of kinds.length > 0 ? kinds : ALL) lost.add(kind)
    },
    stopLosses: () => lost.clear(),
    reconnect() {
      lost.clear()
      for (const node of nodes.values()) queueMicrotask(() => callListeners(node.gapListeners))
    },
  }
}

/** Delivers a hint to the nodes that have subscribed to the room, except the node that sent it. */
function deliver(nodes: Map<string, Node>, event_id: string, hint: RoomHint, senderId?: string): void {
  const json = JSON.stringify(hint) // Redis copies a hint too, so nobody shares an object.
  for (const [node_id, node] of nodes) {
    if (node_id === senderId || !node.rooms.has(event_id)) continue
    queueMicrotask(() => callListeners(node.hintListeners, event_id, JSON.parse(json)))
  }
}

function callListeners<A extends unknown[]>(listeners: Array<(...args: A) => void>, ...args: A): void {
  for (const listener of listeners) listener(...args)
}
