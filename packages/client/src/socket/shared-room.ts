import type { ClientFrame, FrameErrorCode, ServerFrame } from '@engineer-chat/protocol'
import { Listeners } from '../listeners.ts'
import { applyFrame } from '../room/apply-frame.ts'
import { createRoomState, type RoomState } from '../room/state.ts'

/** Holds one room of a socket, which any number of `Room` objects share. */
export class SharedRoom {
  readonly changes = new Listeners<RoomState>()
  readonly typing = new Listeners<string>()
  users = 0
  #state: RoomState

  constructor(event_id: string) {
    this.#state = createRoomState(event_id)
  }

  get state(): RoomState {
    return this.#state
  }

  subscribe(): ClientFrame {
    const { event_id, last_seq } = this.#state
    return last_seq === null ? { type: 'subscribe', event_id } : { type: 'subscribe', event_id, last_seq }
  }

  onFrame(frame: Exclude<ServerFrame, { type: 'hello' | 'authenticated' | 'goaway' | 'pong' | 'error' }>): void {
    if (frame.type === 'typing') this.typing.notify(frame.user_id)
    else this.change((state) => applyFrame(state, frame))
  }

  refuse(code: FrameErrorCode): void {
    this.change((state) => ({ ...state, refused: code, users: [] }))
  }

  change(next: (state: RoomState) => RoomState): void {
    const before = this.#state
    this.#state = next(before)
    if (this.#state !== before) this.changes.notify(this.#state)
  }
}
