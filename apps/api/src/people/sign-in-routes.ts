import { logIn, refreshSignIn, type SignedIn, type SourceRecognition } from '@engineer-chat/chat/people'
import { ChatError, sha256 } from '@engineer-chat/chat/shared'
import { AccessGrant, Login } from '@engineer-chat/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'
import { isOriginAllowed } from '../http/origin.ts'
import { enforceKeyLimit, enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { toAuditContext } from '../http/run-verb.ts'
import { signAccessToken } from './access-tokens.ts'
import { createLoginSources, type LoginSource } from './login-sources.ts'
import { clearRefreshToken, readRefreshToken, setRefreshToken } from './refresh-cookie.ts'
import { requireHttps } from './require-https.ts'

const publicRoute = { tags: ['auth'], security: [] }

/** Registers the two routes that give access tokens: login and refresh. */
export function registerSignInRoutes(app: Api, deps: ApiDeps, limits: RateLimits): void {
  registerLogin(app, deps, limits)
  registerRefresh(app, deps, limits)
}

const createSignInContext = ({ config: { signIn }, stores, passwords, log }: ApiDeps) => ({
  ...stores,
  passwords,
  log,
  lifetime: { refreshTokenSeconds: signIn.refreshTokenSeconds, maxAgeSeconds: signIn.maxAgeSeconds },
})

function registerLogin(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const { config, stores } = deps
  const ctx = createSignInContext(deps)
  const grantAccess = createGrantAccess(app, config.signIn)
  const sources = createLoginSources(config.signIn)

  /**
   * Counts a login by its username and source. Only a login from an unknown source also counts towards
   * `unknownCallers`, which is shared by the whole network. So requests with other usernames cannot block a login from a
   * known source. A login without a device cookie shares its counts with every caller of its network who uses the same
   * username.
   * @throws ChatError rate_limited
   */
  async function limitLogin(
    request: FastifyRequest,
    reply: FastifyReply,
    username: string,
    source: LoginSource,
  ): Promise<SourceRecognition> {
    const { device, network, network_hashes } = source
    const isKnown = device !== undefined || (await stores.signIns.hasSignedInFrom(network_hashes))
    if (!isKnown) await enforceLimit(limits.unknownCallers, request, reply)
    const sourceKey = device ?? network
    await enforceKeyLimit(limits.logins, toLoginKey(sourceKey, username), reply)
    await enforceKeyLimit(limits.loginsPerHour, toLoginKey(isKnown ? sourceKey : 'unknown', username), reply)
    return { isKnown, network_hash: network_hashes[0] }
  }

  app.post(
    '/api/auth/login',
    { schema: { ...publicRoute, summary: 'Sign in', body: Login, response: { 200: AccessGrant } } },
    async (request, reply) => {
      requireHttps(request, config)
      const { username } = request.body
      const source = sources.read(request, username)
      const recognition = await limitLogin(request, reply, username, source)
      const signedIn = await logIn(ctx, request.body, recognition, toAuditContext(request))
      sources.remember(request, reply, username, source)
      return grantAccess(request, reply, signedIn)
    },
  )
}

function registerRefresh(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const { config } = deps
  const ctx = createSignInContext(deps)
  const grantAccess = createGrantAccess(app, config.signIn)

  /**
   * Counts a refused refresh, and throws its error. A successful refresh is not counted, because a caller could
   * otherwise block the refreshes of all users in the same network.
   */
  async function refuseRefresh(request: FastifyRequest, reply: FastifyReply): Promise<never> {
    await enforceLimit(limits.unknownCallers, request, reply)
    throw new ChatError('unauthorized')
  }

  app.post(
    '/api/auth/refresh',
    {
      schema: {
        ...publicRoute,
        summary: 'Rotate the refresh cookie; a second use of the same cookie ends its sign-in',
        response: { 200: AccessGrant },
      },
    },
    async (request, reply) => {
      requireHttps(request, config)
      if (!isOriginAllowed(request, config.http.allowedOrigins)) throw new ChatError('forbidden')
      const refresh_token = readRefreshToken(request)
      if (refresh_token === undefined) return refuseRefresh(request, reply)
      const signedIn = await refreshSignIn(ctx, { refresh_token }).catch((error: unknown) => {
        if (!(error instanceof ChatError && error.code === 'unauthorized')) throw error
        clearRefreshToken(request, reply)
        return refuseRefresh(request, reply)
      })
      return grantAccess(request, reply, signedIn)
    },
  )
}

/** Returns the function that sets the refresh cookie and returns the body of the response with the access token. */
function createGrantAccess(app: Api, { accessTokenSeconds, refreshTokenSeconds }: ApiDeps['config']['signIn']) {
  return (request: FastifyRequest, reply: FastifyReply, signedIn: SignedIn) => {
    const { user, sign_in_id, refresh_token, remaining_s } = signedIn
    const expires_in = Math.min(accessTokenSeconds, remaining_s)
    setRefreshToken(request, reply, refresh_token, Math.min(refreshTokenSeconds, remaining_s))
    reply.header('cache-control', 'no-store')
    const access_token = signAccessToken(app, { user_id: user.user_id, sign_in_id }, expires_in)
    return { access_token, token_type: 'Bearer' as const, expires_in, user }
  }
}

/** Hashes the username, because it may contain any characters, or be a password that was typed into the wrong field. */
const toLoginKey = (sourceKey: string, username: string): string => sha256(`${sourceKey} ${username}`)
