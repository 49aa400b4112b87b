import type { Socket } from 'node:net'
import type { SocketLimits } from '../socket-limits.ts'
import type { Waiting, WriteBatch } from './write-batch.ts'

export interface OutboxOptions {
  socket: Socket
  batch: WriteBatch
  limits: Pick<SocketLimits, 'softBufferBytes' | 'hardBufferBytes'>
  owner: OutboxOwner
}

export interface OutboxOwner {
  readonly isOpen: boolean
  closeForSlowness(): void
  /** What had to wait has left. */
  drained(): void
}

/** One socket's way out, with a bound on what may wait in it. */
export class Outbox implements Waiting {
  readonly #socket: Socket
  readonly #batch: WriteBatch
  readonly #limits: OutboxOptions['limits']
  readonly #owner: OutboxOwner
  #first: Buffer | undefined // mostly the only one
  #more: Buffer[] | undefined
  #bytes = 0
  #waiting: Array<() => void> | undefined

  constructor({ socket, batch, limits, owner }: OutboxOptions) {
    this.#socket = socket
    this.#batch = batch
    this.#limits = limits
    this.#owner = owner
    socket.on('drain', () => {
      this.#release()
      owner.drained()
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

  /** What this tick has for the socket, now. Once it closes, nothing more: a close frame is the last. */
  flush(): void {
    const first = this.#first
    const more = this.#more
    this.#first = undefined
    this.#more = undefined
    this.#bytes = 0
    if (!first || !this.#owner.isOpen) return
    if (!more) {
      this.#socket.write(first)
      return
    }
    this.#socket.cork()
    for (const frame of [first, ...more]) this.#socket.write(frame)
    this.#socket.uncork()
  }

  /** So much waits that what can be made up for later should stay out. */
  get congested(): boolean {
    return this.waitingBytes > this.#limits.softBufferBytes
  }

  get waitingBytes(): number {
    return this.#socket.writableLength + this.#bytes
  }

  /** Resolves once it isn't congested, or the socket is gone. */
  async drained(): Promise<void> {
    if (!this.congested || this.#socket.destroyed) return
    await new Promise<void>((resolve) => {
      this.#waiting ??= []
      this.#waiting.push(resolve)
    })
  }

  #release(): void {
    const released = this.#waiting ?? []
    this.#waiting = undefined
    for (const resolve of released) resolve()
  }
}
