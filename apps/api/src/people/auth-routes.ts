import { logOut, logOutEverywhere, readOwnUser } from '@engineer-chat/chat/people'
import { SocketTicket, User } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { getSignIn } from './authenticate.ts'
import { clearRefreshToken } from './refresh-cookie.ts'

const tags = ['auth']

/** Registers the routes of a caller's own sign-in. */
export function registerAuthRoutes(app: Api, deps: ApiDeps): void {
  const { config, stores, bus } = deps
  const ctx = { ...stores, bus }
  const run = createRunVerb(deps)

  app.post(
    '/api/auth/logout',
    { schema: { tags, summary: 'End this sign-in', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await run(request, logOut, ctx, getSignIn(request))
      clearRefreshToken(request, reply)
      return reply.code(204).send(null)
    },
  )

  app.post(
    '/api/auth/logout-everywhere',
    {
      schema: {
        tags,
        summary: 'End every sign-in of the caller, this one included; their sockets close with 4401 within a second',
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await run(request, logOutEverywhere, ctx, {})
      clearRefreshToken(request, reply)
      return reply.code(204).send(null)
    },
  )

  app.get('/api/auth/me', { schema: { tags, summary: 'Return the caller', response: { 200: User } } }, (request) =>
    run(request, readOwnUser, ctx, {}),
  )

  app.post(
    '/api/auth/ws-ticket',
    { schema: { tags, summary: 'Issue a one-use ticket for GET /ws', response: { 200: SocketTicket } } },
    async (request, reply) => {
      const ticket = await stores.tickets.issue(getSignIn(request), config.signIn.socketTicketSeconds)
      reply.header('cache-control', 'no-store')
      return { ticket, expires_in: config.signIn.socketTicketSeconds }
    },
  )
}
