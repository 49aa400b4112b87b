import type { WebSocket } from '@fastify/websocket'
import type { RoomLimits } from './limits.ts'
import { tokenBucket } from './token-bucket.ts'

/** What a client sends before it is known who it is, and how fast it may send. */
export interface Incoming {
  /** From now on each frame goes to `listener`, those that waited first. Binary frames are no text: ''. */
  start(listener: (text: string) => void): void
}

/** Listens at once: a first frame can come with the upgrade. */
export function incoming(socket: WebSocket, limits: RoomLimits, onFlood: () => void): Incoming {
  const bucket = tokenBucket(limits.frames_per_second, limits.frames_burst)
  let waiting: string[] = []
  let hear = (text: string): void => void waiting.push(text)
  socket.on('message', (data, isBinary) => {
    if (bucket.take(performance.now())) hear(isBinary ? '' : data.toString())
    else onFlood()
  })
  return {
    start(listener) {
      hear = listener
      const texts = waiting
      waiting = []
      for (const text of texts) listener(text)
    },
  }
}
