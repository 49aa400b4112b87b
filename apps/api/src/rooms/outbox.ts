import type { Socket } from 'node:net'
import type { RoomLimits } from './limits.ts'
import type { WriteBatch } from './write-batch.ts'

/** One socket's way out, with a bound on what may wait in it. */
export interface Outbox {
  send(frame: Buffer): void
  /** So much waits that what can be made up for later should stay out. */
  readonly congested: boolean
  readonly waitingBytes: number
  /** Resolves once it isn't congested, or the socket is gone. */
  drained(): Promise<void>
  onDrain(listener: () => void): void
}

export interface OutboxOptions {
  socket: Socket
  batch: WriteBatch
  limits: Pick<RoomLimits, 'soft_buffer_bytes' | 'hard_buffer_bytes'>
  isOpen(): boolean
  onTooSlow(): void
}

export function outbox({ socket, batch, limits, isOpen, onTooSlow }: OutboxOptions): Outbox {
  const isCongested = () => socket.writableLength > limits.soft_buffer_bytes
  const listeners: Array<() => void> = []
  let waiting: Array<() => void> = []
  const release = () => {
    const released = waiting
    waiting = []
    for (const resolve of released) resolve()
  }
  socket.on('drain', () => {
    release()
    for (const listener of listeners) listener()
  })
  socket.on('close', release)
  return {
    send(frame) {
      if (!isOpen()) return
      batch.write(socket, frame)
      if (socket.writableLength > limits.hard_buffer_bytes) onTooSlow()
    },
    get congested() {
      return isCongested()
    },
    get waitingBytes() {
      return socket.writableLength
    },
    async drained() {
      if (!isCongested() || socket.destroyed) return
      await new Promise<void>((resolve) => waiting.push(resolve))
    },
    onDrain: (listener) => void listeners.push(listener),
  }
}
