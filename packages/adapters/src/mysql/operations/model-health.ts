import type { ModelHealthStore } from '@engineer-chat/chat/operations'
import { lt, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { NOW, toDatabase } from '../core/index.ts'
import { modelHealth } from '../schema/index.ts'

export function createModelHealthStore(pool: Pool): ModelHealthStore {
  const db = toDatabase(pool)
  return {
    async report(worker_id, reports) {
      if (reports.length === 0) return
      await db
        .insert(modelHealth)
        .values(reports.map((report) => ({ worker_id, ...report })))
        .onDuplicateKeyUpdate({
          set: {
            breaker: sql`VALUES(breaker)`,
            last_success_at: sql`VALUES(last_success_at)`,
            last_failure_at: sql`VALUES(last_failure_at)`,
            last_failure_code: sql`VALUES(last_failure_code)`,
            updated_at: NOW,
          },
        })
      await db.delete(modelHealth).where(lt(modelHealth.updated_at, sql`NOW(3) - INTERVAL 1 DAY`))
    },
    list: () =>
      db
        .select({
          model_id: modelHealth.model_id,
          breaker: modelHealth.breaker,
          last_success_at: modelHealth.last_success_at,
          last_failure_at: modelHealth.last_failure_at,
          last_failure_code: modelHealth.last_failure_code,
          // A worker reports every 10 s, so a worker that is not live has missed several reports.
          is_live: sql`${modelHealth.updated_at} > NOW(3) - INTERVAL 45 SECOND`.mapWith(Boolean),
        })
        .from(modelHealth),
  }
}
