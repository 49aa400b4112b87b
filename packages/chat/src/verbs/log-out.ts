import type { RoomBus, SignIn, SignInStore } from '../ports/index.ts'

/** Ends the sign-in: its access token, its refresh tokens and its sockets. */
export async function logOut(ctx: { signIns: SignInStore; bus: RoomBus }, { sign_in_id }: SignIn): Promise<void> {
  await ctx.signIns.end(sign_in_id)
  ctx.bus.rightsChanged()
}
