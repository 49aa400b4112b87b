import { randomBytes } from 'node:crypto'
import { sha256, type TicketStore } from '@engineer-chat/chat/shared'
import type { TicketHolder } from '@engineer-chat/chat/stores'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { NOW, toDatabase } from '../core/index.ts'
import { wsTickets } from '../schema/index.ts'

/** Tickets live in MySQL, because they must work on any node and Redis may be gone. Only their hashes are stored. */
export function createTicketStore(pool: Pool): TicketStore<TicketHolder> {
  const db = toDatabase(pool)
  return {
    async issue(holder, ttl_s) {
      const ticket = randomBytes(32).toString('base64url')
      const expires_at = sql`NOW(3) + INTERVAL ${ttl_s} SECOND`
      await db.insert(wsTickets).values({ ticket_hash: sha256(ticket), holder, expires_at })
      return ticket
    },
    async redeem(ticket) {
      const isTicket = eq(wsTickets.ticket_hash, sha256(ticket))
      const [found] = await db
        .select({ holder: wsTickets.holder })
        .from(wsTickets)
        .where(and(isTicket, gt(wsTickets.expires_at, NOW)))
      if (!found) return undefined
      // Of several concurrent requests, only the one that deletes the row succeeds.
      const [gone] = await db.delete(wsTickets).where(isTicket)
      return gone.affectedRows === 1 ? found.holder : undefined
    },
  }
}
