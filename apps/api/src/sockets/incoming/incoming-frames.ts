import type { WebSocket } from '@fastify/websocket'
import type { SocketLimits } from '../socket-limits.ts'
import { TokenBucket } from './token-bucket.ts'

export interface FrameListener {
  receive(text: string): void
  /** Runs when the client sends faster than its limit. */
  refuseFlood(): void
}

/**
 * Keeps a client's frames until its user is known, and limits their rate. It listens immediately, because the first
 * frame may arrive together with the upgrade.
 */
export class IncomingFrames {
  readonly #bucket: TokenBucket
  readonly #waiting: string[] = []
  #listener: FrameListener

  constructor(socket: WebSocket, limits: SocketLimits, refuseFlood: () => void) {
    this.#bucket = new TokenBucket(limits.framesPerSecond, limits.framesBurst)
    this.#listener = { receive: (text) => void this.#waiting.push(text), refuseFlood }
    socket.on('message', (data, isBinary) => {
      if (this.#bucket.take(performance.now())) this.#listener.receive(isBinary ? '' : data.toString())
      else this.#listener.refuseFlood()
    })
  }

  /**
   * Passes each frame to `listener`, the waiting ones first. A binary frame is passed on as '', which is
   * malformed, because the protocol has only text frames.
   */
  start(listener: FrameListener): void {
    this.#listener = listener
    for (const text of this.#waiting.splice(0)) listener.receive(text)
  }
}
