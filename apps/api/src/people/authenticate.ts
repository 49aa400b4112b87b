import { authenticate, type RightsLookup } from '@engineer-chat/chat/people'
import { ChatError, type Principal } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'
import { verifyAccessToken } from './access-tokens.ts'

const CALLER_DECORATOR = 'caller'
const SIGN_IN_DECORATOR = 'signIn'

/** Returns the caller. Only routes behind `createAuthenticator` may use it, such as those of `requireSignIn`. */
export const getPrincipal = (request: FastifyRequest): Principal => request.getDecorator<Principal>(CALLER_DECORATOR)
export const getSignIn = (request: FastifyRequest): ExpiringSignIn =>
  request.getDecorator<ExpiringSignIn>(SIGN_IN_DECORATOR)

/** Runs for a request without a valid sign-in. It throws if its caller has sent too many such requests. */
type OnUnknownCaller = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Makes every route of this scope, and of scopes in it, require the token of a sign-in that has not ended. */
export function requireSignIn(scope: Api, rights: RightsLookup, onUnknownCaller: OnUnknownCaller): void {
  const authenticateRequest = createAuthenticator(scope, rights, {
    readSignIn: (request) => verifyAccessToken(scope, readBearerToken(request)),
    onUnknownCaller,
  })
  scope.addHook('onRequest', authenticateRequest)
}

interface AuthenticatorOptions {
  /** Reads the sign-in from the request's token. @throws ChatError unauthorized */
  readSignIn(request: FastifyRequest): ExpiringSignIn
  onUnknownCaller: OnUnknownCaller
}

/**
 * Creates a hook that sets the caller and the sign-in of a request, for `getPrincipal` and `getSignIn`. It throws if
 * the request has no valid sign-in.
 */
export function createAuthenticator(
  scope: Api,
  rights: RightsLookup,
  { readSignIn, onUnknownCaller }: AuthenticatorOptions,
) {
  scope.decorateRequest(CALLER_DECORATOR, null)
  scope.decorateRequest(SIGN_IN_DECORATOR, null)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const signIn = readSignIn(request)
      request.setDecorator(CALLER_DECORATOR, await authenticate({ rights }, signIn))
      request.setDecorator(SIGN_IN_DECORATOR, signIn)
    } catch (error) {
      if (error instanceof ChatError && error.code === 'unauthorized') await onUnknownCaller(request, reply)
      throw error
    }
  }
}

/** @throws ChatError unauthorized if the request has no bearer token */
export function readBearerToken(request: FastifyRequest): string {
  const [scheme, token, ...otherParts] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token || otherParts.length > 0) throw new ChatError('unauthorized')
  return token
}
