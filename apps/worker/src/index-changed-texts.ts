import { PIECE_RULES, TEXT_RULES } from '@engineer-chat/chat/ranking'
import { type FollowLimits, followRooms, INDICATOR_RULES } from '@engineer-chat/chat/rooms'
import type { Stores } from '@engineer-chat/chat/stores'

const LIMITS: FollowLimits = {
  /** One batch reads at most this many rooms, so that the worker can continue its replies between two batches. */
  maxRooms: 50,
  /** One transaction reads at most this many messages of a room, in a few milliseconds of processor time. */
  maxMessages: 100,
}
/** One transaction indexes at most this many pieces of documents. */
const MAX_PIECES = 50
/** Limits the batches of one task in a run, so that old messages do not occupy a worker for long after an upgrade. */
const MAX_BATCHES = 20

/**
 * Does three tasks: finds indicators in new and changed messages, indexes these messages, indexes pieces of documents.
 * After an upgrade it reads all old messages again, in several runs. A failure of one task does not stop the others. An
 * aborted signal ends the run after the current batch.
 */
export async function indexChangedTexts(
  { indicators, textIndex }: Pick<Stores, 'indicators' | 'textIndex'>,
  signal: AbortSignal,
  onFailure: (cause: unknown) => void,
): Promise<void> {
  const runBatchesOrReport = (runBatch: () => Promise<boolean>): Promise<void> =>
    runBatches(runBatch, signal).catch(onFailure)
  await runBatchesOrReport(() => followRooms(indicators, INDICATOR_RULES, LIMITS))
  await runBatchesOrReport(() => followRooms(textIndex, TEXT_RULES, LIMITS))
  await runBatchesOrReport(() => textIndex.indexNextPieces(MAX_PIECES, PIECE_RULES))
}

async function runBatches(runBatch: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch += 1) {
    const isMoreLeft = await runBatch()
    if (!isMoreLeft) return
  }
}
