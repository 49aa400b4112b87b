import { createId } from '../../../src/shared/ids.ts'
import type { TicketStore } from '../../../src/shared/tickets.ts'
import type { ExpiringSignIn } from '../../../src/stores.ts'
import type { World } from '../world.ts'

export function createMemoryTickets(world: World): TicketStore<ExpiringSignIn> {
  return {
    async issue(holder, ttl_s) {
      const ticket = createId()
      world.tickets.set(ticket, { holder, expires_at: world.now() + ttl_s * 1_000 })
      return ticket
    },
    async redeem(ticket) {
      const issued = world.tickets.get(ticket)
      world.tickets.delete(ticket)
      return issued && issued.expires_at > world.now() ? issued.holder : undefined
    },
  }
}
