import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import { type RetentionStore, type RotationContext, rotateMonths } from '@engineer-chat/chat/operations'

/**
 * Limits one batch, so that no lock is held for long. `RetentionStore` says what each method counts: rows, or sessions.
 */
const BATCH_LIMIT = 500
/** One run handles at most this many batches of each kind, so that a large table can't keep a worker busy for hours. */
const MAX_BATCHES = 200

/**
 * Closes idle sessions and removes rows that have expired or are too old, in small batches. Tables that are stored by
 * month lose whole months instead. An aborted signal ends the run after the current batch. While months are removed,
 * the run then rejects with the signal's reason.
 */
export async function removeOldRows(
  { retention: store, ...rotation }: RotationContext & { retention: RetentionStore },
  { sessions, retention }: RetentionSettings,
  countEndedSession: (questionCount: number) => void = () => {},
  signal?: AbortSignal,
): Promise<void> {
  const { idleHours } = sessions
  const { chatDays, recordDays, auditDays, spendDays } = retention
  const handleInBatches = (handleBatch: HandleBatch) => runBatches(handleBatch, signal)
  await handleInBatches((limit) => store.removeExpired(limit))
  await handleInBatches((limit) => store.removeSpend(spendDays, limit))
  if (idleHours > 0) {
    await handleInBatches(async (limit) => {
      const questionCounts = await store.closeIdleSessions(idleHours, limit) // One count per closed session.
      for (const questionCount of questionCounts) countEndedSession(questionCount)
      return questionCounts.length
    })
  }
  if (chatDays > 0) await handleInBatches((limit) => store.removeChats(chatDays, limit))
  if (recordDays > 0) await handleInBatches((limit) => store.removeRecords(recordDays, limit))
  if (signal?.aborted) return
  const tablesToCleanByRow = await rotateMonths(rotation, { audit_log: auditDays, llm_calls: recordDays }, signal)
  if (recordDays > 0 && tablesToCleanByRow.includes('llm_calls'))
    await handleInBatches((limit) => store.removeCalls(recordDays, limit))
  if (auditDays > 0 && tablesToCleanByRow.includes('audit_log'))
    await handleInBatches((limit) => store.removeAudit(auditDays, limit))
}

/** Holds the ages at which sessions are closed and rows are removed. */
export interface RetentionSettings {
  sessions: Pick<WorkerConfig['sessions'], 'idleHours'>
  retention: Omit<WorkerConfig['retention'], 'cleanupIntervalMs' | 'archiveFolder'>
}

/** Handles one batch and resolves to a number. Less than `limit` means that nothing is left for this run. */
type HandleBatch = (limit: number) => Promise<number>

async function runBatches(handleBatch: HandleBatch, signal: AbortSignal | undefined): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES && !signal?.aborted; batch += 1) {
    const handledCount = await handleBatch(BATCH_LIMIT)
    if (handledCount < BATCH_LIMIT) return
  }
}
