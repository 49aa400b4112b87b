import { describeAct, listNoEvent, type Principal, type RoomBus, type VerbReport } from '../shared/index.ts'
import type { SignInRef } from './rights.ts'
import type { SignInStore } from './user-store.ts'

interface LogOutContext {
  signIns: SignInStore
  bus: RoomBus
}

type LogOutInput = Pick<SignInRef, 'sign_in_id'>

/** Ends the sign-in, with its access token, its refresh tokens and its sockets. */
export async function logOut(ctx: LogOutContext, _caller: Principal, { sign_in_id }: LogOutInput): Promise<void> {
  await ctx.signIns.end(sign_in_id)
  ctx.bus.publishRightsChange()
}

logOut.report = {
  listShownEvents: listNoEvent,
  audit: ({ caller: { user_id } }) => [describeAct('logout', { user_id, isEverywhere: false })],
  log: ({ caller: { user_id } }) => ({ event: 'EngineerChat.signed_out', fields: { user_id } }),
} satisfies VerbReport<LogOutInput, void>

/** Ends every sign-in of the caller, this one included. People use it if a laptop was lost or a password was leaked. */
export async function logOutEverywhere(ctx: LogOutContext, { user_id }: Principal): Promise<void> {
  await ctx.signIns.endAll(user_id)
  ctx.bus.publishRightsChange()
}

logOutEverywhere.report = {
  listShownEvents: listNoEvent,
  audit: ({ caller: { user_id } }) => [describeAct('logout', { user_id, isEverywhere: true })],
  log: ({ caller: { user_id } }) => ({ event: 'EngineerChat.signed_out_everywhere', fields: { user_id } }),
} satisfies VerbReport<unknown, void>
