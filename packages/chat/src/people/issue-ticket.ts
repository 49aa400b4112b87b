import type { SocketTicket } from '@engineer-chat/protocol'
import { listNoEvent, type Principal, type TicketStore, type VerbReport } from '../shared/index.ts'
import type { ExpiringSignIn } from './rights.ts'

interface TicketContext {
  tickets: TicketStore<ExpiringSignIn>
  ticketSeconds: number
}

/** Issues a one-use ticket, with which a browser opens a WebSocket for this sign-in. */
export async function issueTicket(
  ctx: TicketContext,
  _caller: Principal,
  signIn: ExpiringSignIn,
): Promise<SocketTicket> {
  const ticket = await ctx.tickets.issue(signIn, ctx.ticketSeconds)
  return { ticket, expires_in: ctx.ticketSeconds }
}

issueTicket.report = { listShownEvents: listNoEvent } satisfies VerbReport<ExpiringSignIn, SocketTicket>
