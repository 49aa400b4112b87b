import type { Passwords, UserStore } from '@engineer-chat/chat/people'
import type { UserRole } from '@engineer-chat/protocol'

export interface Wanted {
  username: string
  password: string
  role: UserRole
}

export interface SeededUsers {
  /** By name, whoever they are. */
  ids: Map<string, string>
  /** Names that somebody else has: neither their passwords nor their roles are touched. */
  others: string[]
}

/** Known by their ids: a user of the same name that a person made is not ours. */
const idOf = (username: string): string => `demo-${username}`

/**
 * Makes them, or gives them the wanted password again: a database may be older than the folder that keeps passwords.
 */
export async function seedUsers(
  ctx: { users: UserStore; passwords: Passwords },
  wanted: Wanted[],
): Promise<SeededUsers> {
  const seeded: SeededUsers = { ids: new Map(), others: [] }
  for (const user of wanted) {
    const known = await ctx.users.findCredentials(user.username)
    seeded.ids.set(user.username, known?.user.user_id ?? idOf(user.username))
    if (!known) await create(ctx, user)
    else if (known.user.user_id !== idOf(user.username)) seeded.others.push(user.username)
    else if (!(await ctx.passwords.verify(user.password, known.password_hash))) {
      await ctx.users.update(known.user.user_id, { password_hash: await ctx.passwords.hash(user.password) })
    }
  }
  return seeded
}

async function create(ctx: { users: UserStore; passwords: Passwords }, { username, password, role }: Wanted) {
  const password_hash = await ctx.passwords.hash(password)
  await ctx.users.create({ user_id: idOf(username), username, password_hash, role })
}
