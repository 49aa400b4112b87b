import type { WorkerEnvironment } from '@engineer-chat/adapters/environment'
import type { Upkeep } from '@engineer-chat/chat'

/** Rows in one statement: what it locks is soon free again. */
const AT_ONCE = 500
/** Statements of each kind in one run, so that a long neglected table can't keep a worker busy for hours. */
const MAX_BATCHES = 200

/** Closes what is idle, and removes what has expired or is older than it may get, in small batches. */
export async function removeOld(upkeep: Upkeep, environment: Ages): Promise<void> {
  const { ENGINEER_CHAT_SESSION_IDLE_HOURS: hours, RETENTION_DAYS: days } = environment
  const {
    RECORDS_RETENTION_DAYS: recordDays,
    AUDIT_RETENTION_DAYS: auditDays,
    SPEND_RETENTION_DAYS: spendDays,
  } = environment
  await inBatches((limit) => upkeep.removeExpired(limit))
  await inBatches((limit) => upkeep.removeSpend(spendDays, limit))
  if (hours > 0) await inBatches((limit) => upkeep.closeIdleSessions(hours, limit))
  if (days > 0) await inBatches((limit) => upkeep.removeChats(days, limit))
  if (recordDays > 0) await inBatches((limit) => upkeep.removeRecords(recordDays, limit))
  if (auditDays > 0) await inBatches((limit) => upkeep.removeAudit(auditDays, limit))
}

export type Ages = Pick<
  WorkerEnvironment,
  | 'ENGINEER_CHAT_SESSION_IDLE_HOURS'
  | 'RETENTION_DAYS'
  | 'RECORDS_RETENTION_DAYS'
  | 'AUDIT_RETENTION_DAYS'
  | 'SPEND_RETENTION_DAYS'
>

async function inBatches(remove: (limit: number) => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) if ((await remove(AT_ONCE)) < AT_ONCE) return
}
