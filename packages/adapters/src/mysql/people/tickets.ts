import { randomBytes } from 'node:crypto'
import { sha256, type TicketStore } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows } from '../core/index.ts'

// The statements are hand-written SQL, because every socket that reconnects needs a ticket. When a node ends, about
// 1000 sockets reconnect at the same time.

/**
 * Tickets are stored in MySQL, because they must work on any node even if Redis is down. Only their hashes are
 * stored.
 */
export function createTicketStore(pool: Pool): TicketStore<ExpiringSignIn> {
  return {
    async issue(holder, ttl_s) {
      const ticket = randomBytes(32).toString('base64url')
      await pool.execute(
        'INSERT INTO ws_tickets (ticket_hash, holder, expires_at) VALUES (?, ?, NOW(3) + INTERVAL ? SECOND)',
        [sha256(ticket), JSON.stringify(holder), ttl_s],
      )
      return ticket
    },
    async redeem(ticket) {
      const hash = sha256(ticket)
      const [row] = await executeRows<{ holder: ExpiringSignIn }>(
        pool,
        'SELECT holder FROM ws_tickets WHERE ticket_hash = ? AND expires_at > NOW(3)',
        [hash],
      )
      if (!row) return undefined
      // If several requests run at the same time, only the one that deletes the row succeeds.
      const [deleted] = await pool.execute<ResultSetHeader>('DELETE FROM ws_tickets WHERE ticket_hash = ?', [hash])
      return deleted.affectedRows === 1 ? row.holder : undefined
    },
  }
}
