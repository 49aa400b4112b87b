import { followRooms } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'

/** A turn reads one batch of messages from each of this many rooms. Between two turns the worker writes replies. */
const MAX_ROOMS = 50
/** One transaction reads at most this many messages, which takes some milliseconds of the processor. */
const MAX_MESSAGES = 100
/** One run takes at most this many turns, so that reading all old messages after an upgrade doesn't occupy a worker for long. */
const MAX_TURNS = 20

/** Stores the indicators of new and changed messages, and after an upgrade those of all messages, step by step. */
export async function followIndicators(ctx: Pick<Stores, 'indicators'>): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    const isMoreLeft = await followRooms(ctx, { maxRooms: MAX_ROOMS, maxMessages: MAX_MESSAGES })
    if (!isMoreLeft) return
  }
}
