import type { Socket } from 'node:net'
import type { SocketLimits } from '../socket-limits.ts'
import type { Flushable, WriteBatch } from './write-batch.ts'

export interface OutboxOptions {
  socket: Socket
  batch: WriteBatch
  limits: Pick<SocketLimits, 'congestionThresholdBytes' | 'maxWaitingBytes'>
  owner: OutboxOwner
}

export interface OutboxOwner {
  readonly isOpen: boolean
  closeForSlowness(): void
  /** Runs when all waiting bytes of the socket have been written. */
  onDrained(): void
}

/** Collects the frames of one socket for the next write. It closes a socket with too many waiting bytes. */
export class Outbox implements Flushable {
  readonly #socket: Socket
  readonly #batch: WriteBatch
  readonly #limits: OutboxOptions['limits']
  readonly #owner: OutboxOwner
  /** The first frame is usually the only one of a tick, so it needs no array. */
  #firstFrame: Buffer | undefined
  #otherFrames: Buffer[] | undefined
  /** Counts the bytes of the collected frames, which are not written to the socket yet. */
  #collectedBytes = 0
  #drainWaiters: Array<() => void> | undefined

  constructor({ socket, batch, limits, owner }: OutboxOptions) {
    this.#socket = socket
    this.#batch = batch
    this.#limits = limits
    this.#owner = owner
    socket.on('drain', () => {
      this.#resolveDrainWaiters()
      owner.onDrained()
    })
    socket.on('close', () => this.#resolveDrainWaiters())
  }

  send(frame: Buffer): void {
    if (!this.#owner.isOpen) return
    if (!this.#firstFrame) {
      this.#firstFrame = frame
      this.#batch.add(this)
    } else if (this.#otherFrames) this.#otherFrames.push(frame)
    else this.#otherFrames = [frame]
    this.#collectedBytes += frame.length
    if (this.waitingBytes > this.#limits.maxWaitingBytes) this.#owner.closeForSlowness()
  }

  /**
   * Writes the frames of this tick now. A closing socket gets no frames, because the close frame must be the last one.
   */
  flush(): void {
    const firstFrame = this.#firstFrame
    const otherFrames = this.#otherFrames
    this.#firstFrame = undefined
    this.#otherFrames = undefined
    this.#collectedBytes = 0
    if (!firstFrame || !this.#owner.isOpen) return
    if (!otherFrames) {
      this.#socket.write(firstFrame)
      return
    }
    this.#socket.cork()
    for (const frame of [firstFrame, ...otherFrames]) this.#socket.write(frame)
    this.#socket.uncork()
  }

  /**
   * Returns true if too many bytes wait. Until they are written, the socket gets no deltas. It gets a snapshot later,
   * which replaces the deltas.
   */
  get isCongested(): boolean {
    return this.waitingBytes > this.#limits.congestionThresholdBytes
  }

  get waitingBytes(): number {
    return this.#socket.writableLength + this.#collectedBytes
  }

  /**
   * Resolves immediately if the socket is not congested, otherwise when all waiting bytes are written or the socket is
   * closed.
   */
  async waitUntilDrained(): Promise<void> {
    if (!this.isCongested || this.#socket.destroyed) return
    await new Promise<void>((resolve) => {
      this.#drainWaiters ??= []
      this.#drainWaiters.push(resolve)
    })
  }

  #resolveDrainWaiters(): void {
    const waiters = this.#drainWaiters ?? []
    this.#drainWaiters = undefined
    for (const resolve of waiters) resolve()
  }
}
