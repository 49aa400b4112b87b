import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { RetentionStore } from '@engineer-chat/chat/operations'
import { and, asc, eq, inArray, isNotNull, isNull, lte, or, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { releaseReservation } from '../budgets/index.ts'
import { type Database, NOW, toDatabase, transaction } from '../core/index.ts'
import { removeDocuments } from '../documents/index.ts'
import { auditLog, messages, refreshTokens, reservations, signIns, spend, wsTickets } from '../schema/index.ts'
import { addLegalHold, isNullOrFreeOfLegalHold, isOlderThan, listLegalHolds, removeLegalHold } from './legal-holds.ts'
import { closeIdleSessions, removeChats } from './remove-old-chats.ts'
import { removeCalls, removeRecords } from './remove-old-records.ts'

export function createRetentionStore(pool: Pool, budgets: BudgetLimits): RetentionStore {
  const db = toDatabase(pool)
  return {
    async removeAudit(olderThanDays, limit) {
      const [removed] = await db
        .delete(auditLog)
        .where(and(isOlderThan(auditLog.created_at, olderThanDays), isNullOrFreeOfLegalHold(auditLog.event_id)))
        .orderBy(asc(auditLog.created_at))
        .limit(limit)
      return removed.affectedRows
    },
    async removeSpend(olderThanDays, limit) {
      const isOld = sql`${spend.period} < UTC_DATE() - INTERVAL ${olderThanDays} DAY`
      const [removed] = await db
        .delete(spend)
        .where(and(inArray(spend.scope, ['user', 'all']), isOld))
        .limit(limit)
      return removed.affectedRows
    },
    closeIdleSessions: (idleHours, limit) => closeIdleSessions(pool, idleHours, limit),
    removeChats: (olderThanDays, limit) => removeChats(pool, olderThanDays, limit),
    removeCalls: (olderThanDays, limit) => removeCalls(db, olderThanDays, limit),
    removeRecords: async (olderThanDays, limit) =>
      (await removeRecords(db, olderThanDays, limit)) + (await removeDocuments(pool, olderThanDays, limit)),
    addLegalHold: (event_id, held_by) => addLegalHold(db, event_id, held_by),
    removeLegalHold: (event_id) => removeLegalHold(db, event_id),
    listLegalHolds: () => listLegalHolds(db),
    async removeExpired(limit) {
      const [tickets] = await db.delete(wsTickets).where(lte(wsTickets.expires_at, NOW)).limit(limit)
      const [tokens] = await db.delete(refreshTokens).where(lte(refreshTokens.expires_at, NOW)).limit(limit)
      const released = await releaseLeftovers(pool, budgets, limit)
      return tickets.affectedRows + tokens.affectedRows + released + (await removeDeadSignIns(db, limit))
    },
  }
}

// These reservations belong to replies that a process without budgets ended, or to voice calls whose node died.
// Nobody else releases them.
async function releaseLeftovers(pool: Pool, budgets: BudgetLimits, limit: number): Promise<number> {
  if (Object.keys(budgets).length === 0) return 0
  const isAbandoned = sql`${reservations.created_at} < NOW(3) - INTERVAL 1 HOUR`
  const leftovers = await toDatabase(pool)
    .select({ message_id: reservations.message_id })
    .from(reservations)
    .leftJoin(messages, eq(messages.message_id, reservations.message_id))
    .where(and(isNull(messages.due_at), or(isNotNull(messages.message_id), isAbandoned)))
    .limit(limit)
  for (const { message_id } of leftovers) {
    await transaction(pool, async (tx) => {
      const [reply] = await toDatabase(tx)
        .select({ due_at: messages.due_at })
        .from(messages)
        .where(eq(messages.message_id, message_id))
        .for('update')
      if (!reply?.due_at) await releaseReservation(tx, budgets, message_id)
    })
  }
  return leftovers.length
}

// The sign-ins are read first, without locks, because one that has lost its last token never gets a token again.
async function removeDeadSignIns(db: Database, limit: number): Promise<number> {
  const deadSignIns = await db
    .select({ sign_in_id: signIns.sign_in_id })
    .from(signIns)
    .leftJoin(refreshTokens, eq(refreshTokens.sign_in_id, signIns.sign_in_id))
    .where(isNull(refreshTokens.sign_in_id))
    .limit(limit)
  if (deadSignIns.length === 0) return 0
  const ids = deadSignIns.map((signIn) => signIn.sign_in_id)
  const [removed] = await db.delete(signIns).where(inArray(signIns.sign_in_id, ids))
  return removed.affectedRows
}
