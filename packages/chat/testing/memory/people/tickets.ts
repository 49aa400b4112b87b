import { createId } from '../../../src/shared/ids.ts'
import type { TicketStore } from '../../../src/shared/tickets.ts'
import type { ExpiringSignIn } from '../../../src/stores.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemoryTickets(data: MemoryData): TicketStore<ExpiringSignIn> {
  return {
    async issue(holder, ttl_s) {
      const ticket = createId()
      data.tickets.set(ticket, { holder, expires_at: data.now() + ttl_s * 1_000 })
      return ticket
    },
    async redeem(ticket) {
      const issued = data.tickets.get(ticket)
      data.tickets.delete(ticket)
      return issued && issued.expires_at > data.now() ? issued.holder : undefined
    },
  }
}
