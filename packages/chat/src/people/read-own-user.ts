import type { User } from '@engineer-chat/protocol'
import { ChatError, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError unauthorized */
export async function readOwnUser(ctx: { users: UserStore }, caller: Principal): Promise<User> {
  const user = await ctx.users.find(caller.user_id)
  if (!user) throw new ChatError('unauthorized')
  return user
}

readOwnUser.report = { listShownEvents: listNoEvent } satisfies VerbReport<object, User>
