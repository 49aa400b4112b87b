import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { storeClosedEventDocuments } from '@engineer-chat/chat/documents'
import type { Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'

/** One batch stores the documents of at most this many events. */
const MAX_EVENTS = 20
/** Limits the batches of one run, so that old closed events do not occupy a worker for long after an upgrade. */
const MAX_BATCHES = 10

/**
 * Stores the last summary and handover of each closed event as documents. After an upgrade it also does so for events
 * that were closed before the upgrade. An aborted signal ends the run after the current batch.
 */
export async function storeDocumentsOfClosedEvents(
  stores: Pick<Stores, 'closedEvents' | 'documents'>,
  documentLimits: WorkerConfig['documents'],
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !signal.aborted; batch += 1) {
    const isMoreLeft = await storeClosedEventDocuments({ ...stores, documentLimits, log }, MAX_EVENTS)
    if (!isMoreLeft) return
  }
}
