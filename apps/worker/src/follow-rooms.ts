import { PIECE_RULES, TEXT_RULES } from '@engineer-chat/chat/ranking'
import { type FollowLimits, followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'

const LIMITS: FollowLimits = {
  /** Between two turns the worker writes replies. */
  maxRooms: 50,
  /** These take some milliseconds of the processor. */
  maxMessages: 100,
}
/** One transaction indexes at most this many pieces of documents. */
const MAX_PIECES = 50
/** One run takes at most this many turns, so that reading all old messages after an upgrade doesn't occupy a worker for long. */
const MAX_TURNS = 20

/**
 * Derives indicators and the index of texts from new and changed messages, and after an upgrade from all messages, step
 * by step. Pieces of documents are indexed, too. What fails delays none of the others. Between two turns it ends if the
 * signal is aborted.
 */
export async function followAllRooms(
  { indicators, textIndex }: Pick<Stores, 'indicators' | 'textIndex'>,
  signal: AbortSignal,
  onFailure: (cause: unknown) => void,
): Promise<void> {
  const takeAll = (takeTurn: () => Promise<boolean>): Promise<void> => takeTurns(takeTurn, signal).catch(onFailure)
  await takeAll(() => followRooms(indicators, INDICATOR_RULES, LIMITS))
  await takeAll(() => followRooms(textIndex, TEXT_RULES, LIMITS))
  await takeAll(() => textIndex.indexNextPieces(MAX_PIECES, PIECE_RULES))
}

async function takeTurns(takeTurn: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS && !signal.aborted; turn += 1) {
    const isMoreLeft = await takeTurn()
    if (!isMoreLeft) return
  }
}
