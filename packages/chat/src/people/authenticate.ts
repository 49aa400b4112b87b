import { ChatError, type Principal } from '../shared/index.ts'
import type { RightsLookup, SignInRef } from './rights.ts'

/** Returns the caller. @throws ChatError unauthorized if the sign-in has ended or the user is inactive */
export async function authenticate(ctx: { rights: RightsLookup }, signIn: SignInRef): Promise<Principal> {
  const caller = await ctx.rights.findPrincipal(signIn)
  if (!caller) throw new ChatError('unauthorized')
  return caller
}
