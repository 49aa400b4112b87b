import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { leaveDocuments } from '@engineer-chat/chat/documents'
import type { Log } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'

const MAX_EVENTS = 20
/** One run takes at most this many turns, so that the old closed events do not occupy a worker after an upgrade. */
const MAX_TURNS = 10

/** Makes documents of what newly closed events leave, and after an upgrade of what all closed ones do, step by step. */
export async function leaveAllDocuments(
  stores: Pick<Stores, 'closings' | 'documents'>,
  documentLimits: WorkerConfig['documents'],
  log: Log,
): Promise<void> {
  for (let turn = 0; turn < MAX_TURNS; turn += 1) {
    if (!(await leaveDocuments({ ...stores, documentLimits, log }, MAX_EVENTS))) return
  }
}
