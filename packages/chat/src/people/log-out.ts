import { describeAct, listNoEvent, type Principal, type RoomBus, type VerbReport } from '../shared/index.ts'
import type { SignInRef } from './rights.ts'
import type { SignInStore } from './user-store.ts'

interface LogOutContext {
  signIns: SignInStore
  bus: RoomBus
}

type LogOutInput = Pick<SignInRef, 'sign_in_id'>

/** Ends this sign-in of the caller. Its access and refresh tokens become invalid, and the nodes close its sockets. */
export async function logOut(ctx: LogOutContext, _caller: Principal, { sign_in_id }: LogOutInput): Promise<void> {
  await ctx.signIns.end(sign_in_id)
  ctx.bus.publishRightsChange()
}

logOut.report = {
  listShownEvents: listNoEvent,
  audit: ({ caller: { user_id } }) => [describeAct('logout', { user_id, isEverywhere: false })],
  log: ({ caller: { user_id } }) => ({ event: 'EngineerChat.signed_out', fields: { user_id } }),
} satisfies VerbReport<LogOutInput, void>

/** Ends all sign-ins of the caller, also the one that sends the request, for example after a laptop was lost. */
export async function logOutEverywhere(ctx: LogOutContext, { user_id }: Principal): Promise<void> {
  await ctx.signIns.endAll(user_id)
  ctx.bus.publishRightsChange()
}

logOutEverywhere.report = {
  listShownEvents: listNoEvent,
  audit: ({ caller: { user_id } }) => [describeAct('logout', { user_id, isEverywhere: true })],
  log: ({ caller: { user_id } }) => ({ event: 'EngineerChat.signed_out_everywhere', fields: { user_id } }),
} satisfies VerbReport<unknown, void>
