import type { Upkeep } from '@engineer-chat/chat'
import type { Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'

export function mysqlUpkeep(pool: Pool): Upkeep {
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
    async removeExpired(limit) {
      const tickets = await remove('DELETE FROM ws_tickets WHERE expires_at <= NOW(3) LIMIT ?', [limit])
      const tokens = await remove('DELETE FROM refresh_tokens WHERE expires_at <= NOW(3) LIMIT ?', [limit])
      const dead = await withoutToken(pool, limit)
      if (dead.length === 0) return tickets + tokens
      return tickets + tokens + (await remove('DELETE FROM sign_ins WHERE sign_in_id IN (?)', [dead]))
    },
  }
}

// Read first, without locks: a sign-in that has no token never gets one again.
async function withoutToken(pool: Pool, limit: number): Promise<string[]> {
  const [rows] = await pool.query<RowDataPacket[]>(
    `SELECT s.sign_in_id FROM sign_ins s LEFT JOIN refresh_tokens t ON t.sign_in_id = s.sign_in_id
     WHERE t.sign_in_id IS NULL LIMIT ?`,
    [limit],
  )
  return rows.map((row) => row.sign_in_id)
}
