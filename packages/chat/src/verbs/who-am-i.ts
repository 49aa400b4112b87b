import type { User } from '@engineer-chat/protocol'
import { ChatError } from '../errors.ts'
import type { Caller } from '../model.ts'
import type { UserStore } from '../ports/index.ts'

/** @throws ChatError unauthorized */
export async function whoAmI(ctx: { users: UserStore }, caller: Caller): Promise<User> {
  const user = await ctx.users.get(caller.user_id)
  if (!user) throw new ChatError('unauthorized')
  return user
}
