import type { Socket } from 'node:net'
import type { SocketLimits } from '../socket-limits.ts'
import type { Flushable, WriteBatch } from './write-batch.ts'

export interface OutboxOptions {
  socket: Socket
  batch: WriteBatch
  limits: Pick<SocketLimits, 'softBufferBytes' | 'hardBufferBytes'>
  owner: OutboxOwner
}

export interface OutboxOwner {
  readonly isOpen: boolean
  closeForSlowness(): void
  /** Runs when the socket has no waiting bytes any more. */
  onDrained(): void
}

/** Collects the frames of one socket for the next write. It closes a socket with too many waiting bytes. */
export class Outbox implements Flushable {
  readonly #socket: Socket
  readonly #batch: WriteBatch
  readonly #limits: OutboxOptions['limits']
  readonly #owner: OutboxOwner
  /** The first frame is usually the only one of a tick, so it needs no array. */
  #first: Buffer | undefined
  #more: Buffer[] | undefined
  #bytes = 0
  #drainWaiters: Array<() => void> | undefined

  constructor({ socket, batch, limits, owner }: OutboxOptions) {
    this.#socket = socket
    this.#batch = batch
    this.#limits = limits
    this.#owner = owner
    socket.on('drain', () => {
      this.#release()
      owner.onDrained()
    })
    socket.on('close', () => this.#release())
  }

  send(frame: Buffer): void {
    if (!this.#owner.isOpen) return
    if (!this.#first) {
      this.#first = frame
      this.#batch.add(this)
    } else if (this.#more) this.#more.push(frame)
    else this.#more = [frame]
    this.#bytes += frame.length
    if (this.waitingBytes > this.#limits.hardBufferBytes) this.#owner.closeForSlowness()
  }

  /** Writes the frames of this tick now. A socket that closes gets none, because a close frame is the last. */
  flush(): void {
    const first = this.#first
    const moreFrames = this.#more
    this.#first = undefined
    this.#more = undefined
    this.#bytes = 0
    if (!first || !this.#owner.isOpen) return
    if (!moreFrames) {
      this.#socket.write(first)
      return
    }
    this.#socket.cork()
    for (const frame of [first, ...moreFrames]) this.#socket.write(frame)
    this.#socket.uncork()
  }

  /**
   * Returns true if too many bytes wait. Until they are sent, the socket gets no deltas, because a later snapshot
   * replaces them.
   */
  get isCongested(): boolean {
    return this.waitingBytes > this.#limits.softBufferBytes
  }

  get waitingBytes(): number {
    return this.#socket.writableLength + this.#bytes
  }

  /** Resolves once the socket is not congested, or is closed. */
  async waitUntilDrained(): Promise<void> {
    if (!this.isCongested || this.#socket.destroyed) return
    await new Promise<void>((resolve) => {
      this.#drainWaiters ??= []
      this.#drainWaiters.push(resolve)
    })
  }

  #release(): void {
    const released = this.#drainWaiters ?? []
    this.#drainWaiters = undefined
    for (const resolve of released) resolve()
  }
}
