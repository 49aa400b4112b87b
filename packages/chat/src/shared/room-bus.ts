import type { ReplyRef, RoomChange } from './model.ts'

/**
 * Publishes hints, never the truth. A lost hint is found by sequence number. Its methods never throw and never wait.
 */
export interface RoomBus {
  publish(change: RoomChange): void
  /** Somebody's rights changed; nodes look again at once instead of within half a second. */
  publishRightsChange(): void
  /** The reply's worker, whoever it is, should look at its row. */
  publishCancel(message_id: string): void
}

/** Carries hints too: the sweep finds a lost job. Adding a job that is queued already does nothing. */
export interface ReplyQueue {
  add(jobs: ReplyRef[]): void
}

/** One piece of a reply that is being written; `index` counts the pieces of an attempt from 0. */
export interface TextDelta extends ReplyRef {
  event_id: string
  index: number
  text: string
}

/** All that an attempt has written so far. */
export interface ReplyText {
  attempt: number
  next_index: number
  text: string
}

/** Where a worker writes what a model says, while it says it. Pieces are coalesced; nothing waits, nothing throws. */
export interface ReplyStreams {
  open(ref: ReplyRef, event_id: string): ReplyStream
}

export interface ReplyStream {
  append(text: string): void
  /** Sends what is left. The row that follows is what counts. */
  end(): void
}

/** One node receives these hints about a room. */
export type RoomHint =
  | { type: 'change'; change: RoomChange }
  | { type: 'deltas'; deltas: TextDelta[] }
  | { type: 'typing'; user_id: string }
  /** `count` where not all of the node's people are named. */
  | { type: 'presence'; node_id: string; users: string[]; count?: number }
  | { type: 'who' }

/** Receives the bus's hints on a WebSocket node. */
export interface RoomFeed {
  /** Resolves once hints arrive, or at once if the bus is down: then they will, when it is back. */
  subscribe(event_id: string): Promise<void>
  unsubscribe(event_id: string): void
  onHint(listener: (event_id: string, hint: RoomHint) => void): void
  onRightsChanged(listener: () => void): void
  /** The bus was away and is back: hints were lost. */
  onGap(listener: () => void): void
  /** To the other nodes that watch the room. */
  publishHint(event_id: string, hint: Exclude<RoomHint, { type: 'change' | 'deltas' }>): void
  /** What a reply has written so far; undefined when unknown. */
  findReplyText(message_id: string): Promise<ReplyText | undefined>
}

/** Receives cancellations on a worker. */
export interface CancelFeed {
  onCancel(listener: (message_id: string) => void): void
}

/** A one-use pass for a WebSocket, good on any node. */
export interface TicketStore<T> {
  issue(holder: T, ttl_s: number): Promise<string>
  /** Resolves to undefined if the ticket is unknown, expired or used. */
  redeem(ticket: string): Promise<T | undefined>
}
