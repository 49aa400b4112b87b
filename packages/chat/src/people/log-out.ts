import type { RoomBus } from '../shared/index.ts'
import type { SignInRef } from './rights.ts'
import type { SignInStore } from './user-store.ts'

interface LogOutContext {
  signIns: SignInStore
  bus: RoomBus
}

/** Ends the sign-in: its access token, its refresh tokens and its sockets. */
export async function logOut(ctx: LogOutContext, { sign_in_id }: Pick<SignInRef, 'sign_in_id'>): Promise<void> {
  await ctx.signIns.end(sign_in_id)
  ctx.bus.publishRightsChange()
}

/** Ends every sign-in of the user, this one included: a machine was lost, or a password was seen. */
export async function logOutEverywhere(ctx: LogOutContext, { user_id }: Pick<SignInRef, 'user_id'>): Promise<void> {
  await ctx.signIns.endAll(user_id)
  ctx.bus.publishRightsChange()
}
