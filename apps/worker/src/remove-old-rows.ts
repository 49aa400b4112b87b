import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { type RetentionStore, type RotationContext, rotateMonths } from '@engineer-chat/chat/operations'

/** One statement removes at most this many rows, so that it holds its locks only for a short time. */
const BATCH_ROWS = 500
/**
 * One run sends at most this many statements of each kind, so that a large table can't keep a worker busy for hours.
 */
const MAX_BATCHES = 200

/**
 * Closes idle sessions and removes rows that have expired or are too old, in small batches. Tables that are
 * stored by month lose whole months instead. An aborted signal ends the run after the current batch. While months are
 * removed, the run then rejects with the signal's reason.
 */
export async function removeOldRows(
  { retention: store, ...rotation }: RotationContext & { retention: RetentionStore },
  { sessions, retention }: RetentionSettings,
  countEndedSession: (questionCount: number) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const { idleHours } = sessions
  const { chatDays, recordDays, auditDays, spendDays } = retention
  const removeInBatches = (remove: RemoveBatch) => runBatches(remove, signal)
  await removeInBatches((limit) => store.removeExpired(limit))
  await removeInBatches((limit) => store.removeSpend(spendDays, limit))
  if (idleHours > 0) {
    await removeInBatches(async (limit) => {
      const questionCounts = await store.closeIdleSessions(idleHours, limit) // One count per closed session.
      for (const questionCount of questionCounts) countEndedSession(questionCount)
      return questionCounts.length
    })
  }
  if (chatDays > 0) await removeInBatches((limit) => store.removeChats(chatDays, limit))
  if (recordDays > 0) await removeInBatches((limit) => store.removeRecords(recordDays, limit))
  if (signal?.aborted) return
  const tablesToCleanByRow = await rotateMonths(rotation, { audit_log: auditDays, llm_calls: recordDays }, signal)
  if (recordDays > 0 && tablesToCleanByRow.includes('llm_calls'))
    await removeInBatches((limit) => store.removeCalls(recordDays, limit))
  if (auditDays > 0 && tablesToCleanByRow.includes('audit_log'))
    await removeInBatches((limit) => store.removeAudit(auditDays, limit))
}

/** Holds the ages at which sessions are closed and rows are removed. */
export interface RetentionSettings {
  sessions: Pick<WorkerConfig['sessions'], 'idleHours'>
  retention: Omit<WorkerConfig['retention'], 'cleanupIntervalMs' | 'archiveFolder'>
}

/** Removes at most `limit` rows and resolves to their number. */
type RemoveBatch = (limit: number) => Promise<number>

async function runBatches(remove: RemoveBatch, signal: AbortSignal | undefined): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !signal?.aborted; batch += 1) {
    const removedRows = await remove(BATCH_ROWS)
    if (removedRows < BATCH_ROWS) return
  }
}
