import { logIn, logOut, logOutEverywhere, readOwnUser, refreshSignIn, type SignedIn } from '@engineer-chat/chat/people'
import { ChatError } from '@engineer-chat/chat/shared'
import { AccessGrant, Login, User, WsTicket } from '@engineer-chat/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { type Limits, withinLimit } from '../http/limits.ts'
import { isOriginAllowed } from '../http/origin.ts'
import { signAccessToken } from './access-tokens.ts'
import { createAuditRecorder } from './audit-request.ts'
import { getPrincipal, getSignIn } from './authenticate.ts'
import { clearRefreshToken, readRefreshToken, setRefreshToken } from './refresh-cookie.ts'
import { requireHttps } from './require-https.ts'

const tags = ['auth']
const open = { tags, security: [] }

/** The two routes without a token. */
export function signInRoutes(app: Api, { config, stores, passwords, log }: ApiDeps, limits: Limits): void {
  const ctx = { ...stores, passwords, refreshTtl: config.signIn.refreshTokenSeconds }
  const record = createAuditRecorder(stores.audit)

  function grant(request: FastifyRequest, reply: FastifyReply, { user, sign_in_id, refresh_token }: SignedIn) {
    setRefreshToken(request, reply, refresh_token, config.signIn.refreshTokenSeconds)
    reply.header('cache-control', 'no-store')
    const access_token = signAccessToken(app, { user_id: user.user_id, sign_in_id })
    return { access_token, token_type: 'Bearer' as const, expires_in: config.signIn.accessTokenSeconds, user }
  }

  /** Of a name that nobody has, nothing is kept: it may be a password, typed into the wrong box. */
  async function refused(request: FastifyRequest<{ Body: Login }>): Promise<void> {
    const found = await stores.users.findCredentials(request.body.username)
    const object_id = found?.user.user_id ?? null
    await record(request, { action: 'login_failed', actor: null, object_type: 'user', object_id })
  }

  app.post(
    '/api/auth/login',
    { schema: { ...open, summary: 'Sign in', body: Login, response: { 200: AccessGrant } } },
    async (request, reply) => {
      const fields = { request_id: request.id, address: request.ip }
      requireHttps(request, config)
      await withinLimit(limits.strangers, request, reply)
      await withinLimit(limits.logins, request, reply)
      const signedIn = await logIn(ctx, request.body).catch(async (error: unknown) => {
        log.warn('EngineerChat.sign_in_refused', fields)
        if (error instanceof ChatError && error.code === 'unauthorized') await refused(request)
        throw error
      })
      const { user_id } = signedIn.user
      await record(request, { action: 'login', actor: user_id, object_type: 'user', object_id: user_id })
      log.info('EngineerChat.signed_in', { ...fields, user_id: signedIn.user.user_id })
      return grant(request, reply, signedIn)
    },
  )

  app.post(
    '/api/auth/refresh',
    {
      schema: {
        ...open,
        summary: 'Rotate the refresh cookie; a used one ends its sign-in',
        response: { 200: AccessGrant },
      },
    },
    async (request, reply) => {
      requireHttps(request, config)
      await withinLimit(limits.strangers, request, reply)
      if (!isOriginAllowed(request, config.http.allowedOrigins)) throw new ChatError('forbidden')
      const refresh_token = readRefreshToken(request)
      if (refresh_token === undefined) throw new ChatError('unauthorized')
      const signedIn = await refreshSignIn(ctx, { refresh_token }).catch((error: unknown) => {
        if (error instanceof ChatError && error.code === 'unauthorized') clearRefreshToken(request, reply)
        throw error
      })
      return grant(request, reply, signedIn)
    },
  )
}

export function authRoutes(app: Api, { config, stores, bus, log }: ApiDeps): void {
  const record = createAuditRecorder(stores.audit)

  app.post(
    '/api/auth/logout',
    { schema: { tags, summary: 'End this sign-in', response: { 204: Type.Null() } } },
    async (request, reply) => {
      await logOut({ ...stores, bus }, getSignIn(request))
      const { user_id } = getPrincipal(request)
      await record(request, { action: 'logout', object_type: 'user', object_id: user_id })
      log.info('EngineerChat.signed_out', { request_id: request.id, user_id })
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
      const { user_id } = getPrincipal(request)
      await logOutEverywhere({ ...stores, bus }, { user_id })
      await record(request, { action: 'logout', object_type: 'user', object_id: user_id, detail: 'everywhere' })
      log.info('EngineerChat.signed_out_everywhere', { request_id: request.id, user_id })
      clearRefreshToken(request, reply)
      return reply.code(204).send(null)
    },
  )

  app.get('/api/auth/me', { schema: { tags, summary: 'The caller', response: { 200: User } } }, (request) =>
    readOwnUser(stores, getPrincipal(request)),
  )

  app.post(
    '/api/auth/ws-ticket',
    { schema: { tags, summary: 'A one-use pass for GET /ws', response: { 200: WsTicket } } },
    async (request, reply) => {
      const ticket = await stores.tickets.issue(getSignIn(request), config.signIn.socketTicketSeconds)
      reply.header('cache-control', 'no-store')
      return { ticket, expires_in: config.signIn.socketTicketSeconds }
    },
  )
}
