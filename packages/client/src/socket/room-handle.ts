import type { Client } from '../client.ts'
import type { RoomState } from '../room/state.ts'
import { followReply } from './follow-reply.ts'
import type { Room } from './room-interface.ts'
import type { RoomSubscription } from './room-subscription.ts'

/**
 * Creates a handle of a subscription. When the last handle of a room is closed, the socket leaves the room.
 * `getSocketSignal` returns a signal that is aborted if the socket is now closed or signed out, or when it will be.
 */
export function createRoomHandle(
  subscription: RoomSubscription,
  client: Client,
  roomActions: { sendTyping(): void; leave(): void },
  getSocketSignal: () => AbortSignal,
): Room {
  let isOpen = true
  subscription.openHandleCount += 1
  const room: Room = {
    event_id: subscription.state.event_id,
    get state() {
      return subscription.state
    },
    // The listener's type is an intersection, because TypeScript doesn't derive it from `event`.
    on(event: 'change' | 'typing', listener: ((state: RoomState) => void) & ((user_id: string) => void)) {
      const { changeListeners, typingListeners } = subscription
      return event === 'change' ? changeListeners.add(listener) : typingListeners.add(listener)
    },
    updateState: (update) => subscription.updateState(update),
    sendTyping: () => roomActions.sendTyping(),
    follow: (reply, signal) => {
      const signals = [getSocketSignal(), subscription.leaving.signal, ...(signal ? [signal] : [])]
      return followReply(room, client, reply, AbortSignal.any(signals))
    },
    close() {
      if (!isOpen) return
      isOpen = false
      subscription.openHandleCount -= 1
      if (subscription.openHandleCount === 0) roomActions.leave()
    },
  }
  return room
}
