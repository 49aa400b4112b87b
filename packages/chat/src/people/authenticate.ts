import { ChatError, type Principal } from '../shared/index.ts'
import type { Rights, SignInRef } from './rights.ts'

/** Returns the caller. @throws ChatError unauthorized if the user signed out, or was deactivated or changed since. */
export async function authenticate(ctx: { rights: Rights }, signIn: SignInRef): Promise<Principal> {
  const caller = await ctx.rights.findPrincipal(signIn)
  if (!caller) throw new ChatError('unauthorized')
  return caller
}
