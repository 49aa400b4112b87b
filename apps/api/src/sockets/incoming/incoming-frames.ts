import type { WebSocket } from '@fastify/websocket'
import type { SocketLimits } from '../socket-limits.ts'
import { TokenBucket } from './token-bucket.ts'

export interface FrameListener {
  receive(text: string): void
  /** The client sends faster than it may. */
  onFlood(): void
}

/** What a client sends before it is known who it is, and how fast it may send. Listens at once: a first frame can come with the upgrade. */
export class IncomingFrames {
  readonly #bucket: TokenBucket
  readonly #waiting: string[] = []
  #listener: FrameListener

  constructor(socket: WebSocket, limits: SocketLimits, onFlood: () => void) {
    this.#bucket = new TokenBucket(limits.framesPerSecond, limits.framesBurst)
    this.#listener = { receive: (text) => void this.#waiting.push(text), onFlood: onFlood }
    socket.on('message', (data, isBinary) => {
      if (this.#bucket.take(performance.now())) this.#listener.receive(isBinary ? '' : data.toString())
      else this.#listener.onFlood()
    })
  }

  /** From now on each frame goes to `listener`, those that waited first. Binary frames are no text: ''. */
  start(listener: FrameListener): void {
    this.#listener = listener
    for (const text of this.#waiting.splice(0)) listener.receive(text)
  }
}
