import { and, isNull, type SQL } from 'drizzle-orm'
import { type Database, NOW } from '../core/index.ts'
import { signIns } from '../schema/index.ts'

/** Ends the selected sign-ins that have not ended yet, and returns how many these were. */
export async function endSignIns(db: Database, isSelected: SQL): Promise<number> {
  const [{ affectedRows }] = await db
    .update(signIns)
    .set({ ended_at: NOW })
    .where(and(isSelected, isNull(signIns.ended_at)))
  return affectedRows
}
