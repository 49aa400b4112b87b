import { type Caller, ChatError, type Rights, type TicketHolder } from '@engineer-chat/chat'
import type { FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'
import { verifyAccessToken } from './access-tokens.ts'

const CALLER = 'caller'
const SIGN_IN = 'signIn'

/** Who is calling; for routes behind `requireSignIn` only. */
export const callerOf = (request: FastifyRequest): Caller => request.getDecorator<Caller>(CALLER)
export const signInOf = (request: FastifyRequest): TicketHolder => request.getDecorator<TicketHolder>(SIGN_IN)

/** Every route of this scope, and below it, wants a token of a sign-in that MySQL still knows. */
export function requireSignIn(scope: Api, rights: Rights): void {
  scope.decorateRequest(CALLER, null)
  scope.decorateRequest(SIGN_IN, null)
  scope.addHook('onRequest', async (request) => {
    const signIn = verifyAccessToken(scope, bearerIn(request))
    request.setDecorator(CALLER, await callerBy(rights, signIn))
    request.setDecorator(SIGN_IN, signIn)
  })
}

/** @throws ChatError unauthorized: signed out, deactivated, or changed since */
export async function callerBy(rights: Rights, signIn: TicketHolder): Promise<Caller> {
  const caller = await rights.caller(signIn)
  if (!caller) throw new ChatError('unauthorized')
  return caller
}

export function bearerIn(request: FastifyRequest): string {
  const [scheme, token, ...rest] = request.headers.authorization?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) throw new ChatError('unauthorized')
  return token
}
