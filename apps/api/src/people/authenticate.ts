import { authenticate, type Rights } from '@engineer-chat/chat/people'
import { ChatError, type Principal } from '@engineer-chat/chat/shared'
import type { ExpiringSignIn } from '@engineer-chat/chat/stores'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'
import { verifyAccessToken } from './access-tokens.ts'

const CALLER = 'caller'
const SIGN_IN = 'signIn'

/** Returns the caller. Only routes of a scope with `requireSignIn` may use it. */
export const getPrincipal = (request: FastifyRequest): Principal => request.getDecorator<Principal>(CALLER)
export const getSignIn = (request: FastifyRequest): ExpiringSignIn => request.getDecorator<ExpiringSignIn>(SIGN_IN)

/** Runs for a request without a valid token. It throws if there were too many of them. */
type OnUnknownCaller = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

/** Every route of this scope, and of scopes in it, requires a token of a sign-in that MySQL still knows. */
export function requireSignIn(scope: Api, rights: Rights, onUnknownCaller: OnUnknownCaller): void {
  const admit = createAdmission(scope, rights, {
    readSignIn: (request) => verifyAccessToken(scope, readBearerToken(request)),
    onUnknownCaller,
  })
  scope.addHook('onRequest', admit)
}

interface AdmissionOptions {
  /** Reads the sign-in from the request's token. @throws ChatError unauthorized */
  readSignIn(request: FastifyRequest): ExpiringSignIn
  onUnknownCaller: OnUnknownCaller
}

/** Creates a function that finds a request's caller for `getPrincipal`. It throws for every other request. */
export function createAdmission(scope: Api, rights: Rights, { readSignIn, onUnknownCaller }: AdmissionOptions) {
  scope.decorateRequest(CALLER, null)
  scope.decorateRequest(SIGN_IN, null)
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    try {
      const signIn = readSignIn(request)
      request.setDecorator(CALLER, await authenticate({ rights }, signIn))
      request.setDecorator(SIGN_IN, signIn)
    } catch (error) {
      if (error instanceof ChatError && error.code === 'unauthorized') await onUnknownCaller(request, reply)
      throw error
    }
  }
}

export function readBearerToken(request: FastifyRequest): string {
  const [scheme, token, ...rest] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) throw new ChatError('unauthorized')
  return token
}
