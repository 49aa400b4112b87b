import type { User } from '@engineer-chat/protocol'
import { type Caller, ChatError } from '../shared/index.ts'
import type { UserStore } from './user-store.ts'

/** @throws ChatError unauthorized */
export async function whoAmI(ctx: { users: UserStore }, caller: Caller): Promise<User> {
  const user = await ctx.users.get(caller.user_id)
  if (!user) throw new ChatError('unauthorized')
  return user
}
