import type { ClientFrame, FrameErrorCode, UserTyping } from '@engineer-chat/protocol'
import { Listeners } from '../listeners.ts'
import { applyFrame, type RoomFrame } from '../room/apply-frame.ts'
import { createRoomState, type RoomState } from '../room/state.ts'

/** Holds the state of a room to which the socket subscribes. Any number of `Room` handles use it. */
export class RoomSubscription {
  readonly changeListeners = new Listeners<RoomState>()
  readonly typingListeners = new Listeners<string>()
  /** Is aborted when the socket leaves the room, because nothing updates this state any longer. */
  readonly leaving = new AbortController()
  /** Counts the handles that are not closed. `createRoomHandle` raises it, and closing a handle lowers it. */
  openHandleCount = 0
  #state: RoomState

  constructor(event_id: string) {
    this.#state = createRoomState(event_id)
  }

  get state(): RoomState {
    return this.#state
  }

  createSubscribeFrame(): ClientFrame {
    const { event_id, lastSeq } = this.#state
    return lastSeq === null ? { type: 'subscribe', event_id } : { type: 'subscribe', event_id, last_seq: lastSeq }
  }

  onFrame(frame: RoomFrame | UserTyping): void {
    if (frame.type === 'typing') this.typingListeners.notify(frame.user_id)
    else this.updateState((state) => applyFrame(state, frame))
  }

  markRefused(code: FrameErrorCode): void {
    this.updateState((state) => ({ ...state, refusalCode: code, presentUserIds: [] }))
  }

  updateState(update: (state: RoomState) => RoomState): void {
    const previousState = this.#state
    this.#state = update(previousState)
    if (this.#state !== previousState) this.changeListeners.notify(this.#state)
  }
}
