import type { WorkerEnvironment } from '@engineer-chat/adapters/environment'
import type { Upkeep } from '@engineer-chat/chat'

/** Rows in one statement: what it locks is soon free again. */
const AT_ONCE = 500
/** Statements of each kind in one run, so that a long neglected table can't keep a worker busy for hours. */
const MAX_BATCHES = 200

/** What has expired or is older than it may get, in small batches. */
export async function removeOld(upkeep: Upkeep, { AUDIT_RETENTION_DAYS: days }: WorkerEnvironment): Promise<void> {
  await inBatches((limit) => upkeep.removeExpired(limit))
  if (days > 0) await inBatches((limit) => upkeep.removeAudit(days, limit))
}

async function inBatches(remove: (limit: number) => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) if ((await remove(AT_ONCE)) < AT_ONCE) return
}
