import type { ServerFrame } from '@engineer-chat/protocol'
import type { Backoff } from '../backoff.ts'
import type { RemoveListener } from '../listeners.ts'
import type { ProbeOptions } from './connection.ts'
import type { Room } from './room-interface.ts'

/** In `waiting` a reconnect is planned. In `signed_out` the sign-in has ended: sign in, then call `connectNow`. */
export type SocketState = 'connecting' | 'open' | 'waiting' | 'signed_out' | 'closed'

export interface SocketOptions {
  WebSocket?: typeof WebSocket
  /** Limits the waits before the socket connects again. */
  backoff?: Partial<Backoff>
  /** Limits the request for a ticket, and then the wait for the server's `hello`; 10 s each by default. */
  helloTimeoutMs?: number
  /** If a connection lasted this long (by default 5 s), the next wait is limited by `backoff.firstMaxMs` again. */
  stableAfterMs?: number
  /** Detects a silent server sooner than the heartbeat does. Without it, only the heartbeat detects one. */
  silenceProbe?: ProbeOptions
}

export interface Socket {
  readonly state: SocketState
  /**
   * Says when the connection was lost: when the WebSocket ended, or when the last frame came if the server fell silent.
   * Before the first connection, it says when the socket was created. It is null while the state is `open`.
   */
  readonly lostAtMs: number | null
  on(event: 'state', listener: (state: SocketState) => void): RemoveListener
  /** Calls the listener with each frame, after its room has applied it. */
  on(event: 'frame', listener: (frame: ServerFrame) => void): RemoveListener
  /**
   * Subscribes to a room now and after each reconnect. If the room already has an open handle, this call subscribes only
   * if the room was refused.
   */
  openRoom(event_id: string): Room
  /** Ends the wait for the next connection, or the state `signed_out`, and connects. Does nothing in any other state. */
  connectNow(): void
  /** Closes the connection and tries to connect again with backoff. Call it when the machine has lost its network. */
  dropConnection(): void
  close(): void
}
