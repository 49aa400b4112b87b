import { and, isNull, type SQL } from 'drizzle-orm'
import { type Database, NOW } from '../core/index.ts'
import { signIns } from '../schema/index.ts'

/** Ends the selected sign-ins that have not ended yet. */
export async function endSignIns(db: Database, isSelected: SQL): Promise<void> {
  await db
    .update(signIns)
    .set({ ended_at: NOW })
    .where(and(isSelected, isNull(signIns.ended_at)))
}
