import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { RetentionStore } from '@engineer-chat/chat/operations'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { releaseReservation } from '../budgets/index.ts'
import { executeRows, queryRows, type TableRow, transaction } from '../core/index.ts'
import type { legalHolds, messages, reservations, signIns } from '../schema/index.ts'
import { closeIdleSessions, removeChats } from './remove-old-chats.ts'
import { removeRecords } from './remove-old-records.ts'

export function createRetentionStore(pool: Pool, budgets: BudgetLimits): RetentionStore {
  const remove = async (sql: string, values: unknown[]): Promise<number> => {
    const [removed] = await pool.query<ResultSetHeader>(sql, values)
    return removed.affectedRows
  }
  return {
    removeAudit: (older_than_days, limit) =>
      remove(
        `DELETE FROM audit_log WHERE created_at < NOW(3) - INTERVAL ? DAY
           AND (event_id IS NULL OR event_id NOT IN (SELECT event_id FROM legal_holds))
         ORDER BY created_at LIMIT ?`,
        [older_than_days, limit],
      ),
    removeSpend: (older_than_days, limit) =>
      remove(`DELETE FROM spend WHERE scope IN ('user', 'all') AND period < UTC_DATE() - INTERVAL ? DAY LIMIT ?`, [
        older_than_days,
        limit,
      ]),
    closeIdleSessions: (idle_hours, limit) => closeIdleSessions(pool, idle_hours, limit),
    removeChats: (older_than_days, limit) => removeChats(pool, older_than_days, limit),
    removeRecords: (older_than_days, limit) => removeRecords(pool, older_than_days, limit),
    async addLegalHold(event_id, held_by) {
      await pool.execute('INSERT IGNORE INTO legal_holds (event_id, held_by) VALUES (?, ?)', [event_id, held_by])
    },
    async removeLegalHold(event_id) {
      await pool.execute('DELETE FROM legal_holds WHERE event_id = ?', [event_id])
    },
    async listLegalHolds() {
      const rows = await queryRows<Pick<TableRow<typeof legalHolds>, 'event_id'>>(
        pool,
        'SELECT event_id FROM legal_holds ORDER BY event_id',
      )
      return rows.map((row) => row.event_id)
    },
    async removeExpired(limit) {
      const tickets = await remove('DELETE FROM ws_tickets WHERE expires_at <= NOW(3) LIMIT ?', [limit])
      const tokens = await remove('DELETE FROM refresh_tokens WHERE expires_at <= NOW(3) LIMIT ?', [limit])
      const left = await releaseLeftovers(pool, budgets, limit)
      const dead = await listExpiredSignIns(pool, limit)
      if (dead.length === 0) return tickets + tokens + left
      return tickets + tokens + left + (await remove('DELETE FROM sign_ins WHERE sign_in_id IN (?)', [dead]))
    },
  }
}

// These reservations belong to replies that a process without budgets ended, or to voice calls whose node died. Nobody else
// releases them.
async function releaseLeftovers(pool: Pool, budgets: BudgetLimits, limit: number): Promise<number> {
  if (Object.keys(budgets).length === 0) return 0
  const rows = await queryRows<Pick<TableRow<typeof reservations>, 'message_id'>>(
    pool,
    `SELECT r.message_id FROM reservations r LEFT JOIN messages m ON m.message_id = r.message_id
     WHERE m.due_at IS NULL AND (m.message_id IS NOT NULL OR r.created_at < NOW(3) - INTERVAL 1 HOUR) LIMIT ?`,
    [limit],
  )
  for (const { message_id } of rows) {
    await transaction(pool, async (tx) => {
      const [reply] = await executeRows<Pick<TableRow<typeof messages>, 'due_at'>>(
        tx,
        'SELECT due_at FROM messages WHERE message_id = ? FOR UPDATE',
        [message_id],
      )
      if (!reply?.due_at) await releaseReservation(tx, budgets, message_id)
    })
  }
  return rows.length
}

// The rows are read first, without locks: a sign-in without a token never gets one again.
async function listExpiredSignIns(pool: Pool, limit: number): Promise<string[]> {
  const rows = await queryRows<Pick<TableRow<typeof signIns>, 'sign_in_id'>>(
    pool,
    `SELECT s.sign_in_id FROM sign_ins s LEFT JOIN refresh_tokens t ON t.sign_in_id = s.sign_in_id
     WHERE t.sign_in_id IS NULL LIMIT ?`,
    [limit],
  )
  return rows.map((row) => row.sign_in_id)
}
