import type { User } from '@engineer-chat/protocol'
import { users } from '../schema/index.ts'

/** Lists the columns of a `User`, which users may read. */
export const USER_FIELDS = {
  user_id: users.user_id,
  username: users.username,
  role: users.role,
  active: users.active,
  created_at: users.created_at,
} satisfies Record<keyof User, unknown>
