import type { WorkerConfig } from '@engineer-chat/adapters/environment'
import type { Stores } from '@engineer-chat/chat/stores'
import { repeat } from '@engineer-chat/process/repeat'
import { followFolder } from './follow-folder.ts'
import { indexChangedTexts } from './index-changed-texts.ts'
import { type MaintenanceContext, runMaintenance } from './maintenance.ts'
import { storeDocumentsOfClosedEvents } from './store-documents-of-closed-events.ts'

const SWEEP_INTERVAL_MS = 2_000
const INDEX_INTERVAL_MS = 2_000
const CLOSED_EVENTS_INTERVAL_MS = 15_000
const MODEL_HEALTH_INTERVAL_MS = 10_000
/** The page loads statistics every 25 s. With this interval, the shown statistics are less than a minute old. */
const STATISTICS_INTERVAL_MS = 30_000

export interface ChoreContext extends Pick<MaintenanceContext, 'archive' | 'log'> {
  stores: Stores
  config: WorkerConfig
  countEndedSession(questionCount: number): void
  requeueDueReplies(): Promise<void>
  reportModelHealth(): Promise<void>
}

/**
 * Starts the chores: the work that every worker repeats in addition to its replies. A failure of one run is logged, and
 * the chore runs again after its interval. `stop` resolves when the last run has ended.
 */
export function startChores(ctx: ChoreContext): { stop(): Promise<void> } {
  const { stores, config, log, archive } = ctx
  const reportFailure = (cause: unknown) => log.error('EngineerChat.chore_failed', {}, cause)
  const start = (intervalMs: number, run: (signal: AbortSignal) => Promise<void>) =>
    repeat(intervalMs, run, reportFailure)
  const chores = [
    start(SWEEP_INTERVAL_MS, ctx.requeueDueReplies),
    start(config.retention.cleanupIntervalMs, (signal) =>
      runMaintenance({ ...stores, archive, log }, config, ctx.countEndedSession, signal),
    ),
    start(STATISTICS_INTERVAL_MS, async () => {
      // With 0, an ended day is counted until one count has begun after its end.
      await stores.statistics.updateDayStats(0)
    }),
    start(INDEX_INTERVAL_MS, (signal) => indexChangedTexts(stores, signal, reportFailure)),
    start(CLOSED_EVENTS_INTERVAL_MS, (signal) => storeDocumentsOfClosedEvents(stores, config.documents, log, signal)),
    start(MODEL_HEALTH_INTERVAL_MS, ctx.reportModelHealth),
    followFolder(stores, config.documents, log),
  ]
  return {
    async stop() {
      await Promise.all(chores.map((chore) => chore.stop()))
    },
  }
}
