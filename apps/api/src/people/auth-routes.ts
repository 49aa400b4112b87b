import { changeOwnPassword, issueTicket, logOut, logOutEverywhere, readOwnUser } from '@engineer-chat/chat/people'
import { ChangePassword, SocketTicket, User } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { getSignIn } from './authenticate.ts'
import { clearRefreshToken } from './refresh-cookie.ts'
import { requireHttps } from './require-https.ts'

const tags = ['auth']

/** Registers the routes for a caller's sign-outs, password, user and socket tickets. */
export function registerAuthRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  registerSignOuts(app, deps)
  registerOwnUser(app, deps, limits)
}

const createAuthContext = ({ config, stores, bus, passwords }: ApiDeps) => ({
  ...stores,
  bus,
  passwords,
  ticketSeconds: config.signIn.socketTicketSeconds,
})

function registerSignOuts(app: Api, deps: ApiDeps): void {
  const ctx = createAuthContext(deps)
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
}

/** Registers the routes of the caller's password, user and tickets. */
function registerOwnUser(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const ctx = createAuthContext(deps)
  const run = createRunVerb(deps)

  app.post(
    '/api/auth/password',
    {
      schema: {
        tags,
        summary: 'Change the caller’s password; every other sign-in of the caller ends',
        body: ChangePassword,
        response: { 204: Type.Null() },
      },
      preHandler: (request, reply) => enforceLimit(limits.ownPasswords, request, reply),
    },
    async (request, reply) => {
      requireHttps(request, deps.config)
      await run(request, changeOwnPassword, ctx, { ...request.body, sign_in_id: getSignIn(request).sign_in_id })
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
      const ticket = await run(request, issueTicket, ctx, getSignIn(request))
      reply.header('cache-control', 'no-store')
      return ticket
    },
  )
}
