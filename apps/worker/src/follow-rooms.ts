import { PIECE_RULES, TEXT_RULES } from '@engineer-chat/chat/ranking'
import { type FollowLimits, followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'

const LIMITS: FollowLimits = {
  /** One turn is limited, so that the worker can continue its replies between two turns. */
  maxRooms: 50,
  /** This number of messages takes a few milliseconds of processor time. */
  maxMessages: 100,
}
/** One transaction indexes at most this many pieces of documents. */
const MAX_PIECES = 50
/** Limits the turns of one run, so that reading all old messages after an upgrade doesn't occupy a worker for long. */
const MAX_TURNS = 20

/**
 * Finds indicators in new and changed messages, and indexes these messages and pieces of documents. After an upgrade it
 * reads all old messages again, in several runs. A failure of one of these three tasks does not stop the others. An
 * aborted signal ends the run after the current turn.
 */
export async function followAllRooms(
  { indicators, textIndex }: Pick<Stores, 'indicators' | 'textIndex'>,
  signal: AbortSignal,
  onFailure: (cause: unknown) => void,
): Promise<void> {
  const takeTurnsOrReport = (takeTurn: () => Promise<boolean>): Promise<void> =>
    takeTurns(takeTurn, signal).catch(onFailure)
  await takeTurnsOrReport(() => followRooms(indicators, INDICATOR_RULES, LIMITS))
  await takeTurnsOrReport(() => followRooms(textIndex, TEXT_RULES, LIMITS))
  await takeTurnsOrReport(() => textIndex.indexNextPieces(MAX_PIECES, PIECE_RULES))
}

async function takeTurns(takeTurn: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS && !signal.aborted; turn += 1) {
    const isMoreLeft = await takeTurn()
    if (!isMoreLeft) return
  }
}
