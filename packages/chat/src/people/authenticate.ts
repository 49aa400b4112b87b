import { ChatError, type Principal } from '../shared/index.ts'
import type { Rights, SignInRef } from './rights.ts'

/** Returns the caller. @throws ChatError unauthorized: signed out, deactivated, or changed since the sign-in */
export async function authenticate(ctx: { rights: Rights }, signIn: SignInRef): Promise<Principal> {
  const caller = await ctx.rights.findPrincipal(signIn)
  if (!caller) throw new ChatError('unauthorized')
  return caller
}
