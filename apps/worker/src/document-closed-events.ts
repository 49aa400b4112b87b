import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { documentClosedEvents } from '@engineer-chat/chat/documents'
import type { Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'

const MAX_EVENTS = 20
/** Limits the turns of one run, so that old closed events do not occupy a worker for long after an upgrade. */
const MAX_TURNS = 10

/**
 * Stores the last summary and handover of closed events as documents. After an upgrade it also does so for old events.
 */
export async function documentAllClosedEvents(
  stores: Pick<Stores, 'closings' | 'documents'>,
  documentLimits: WorkerConfig['documents'],
  log: Log,
): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    if (!(await documentClosedEvents({ ...stores, documentLimits, log }, MAX_EVENTS))) return
  }
}
