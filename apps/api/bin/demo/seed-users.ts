import type { Passwords, UserStore } from '@engineer-chat/chat/people'
import type { UserRole } from '@engineer-chat/protocol'

export interface UserToSeed {
  username: string
  password: string
  role: UserRole
}

export interface SeededUsers {
  /** The ids of all wanted users, by name. */
  ids: Map<string, string>
  /** Users whom a person made have these names; their passwords and roles stay as they are. */
  others: string[]
}

/** Seeded users are known by their ids, because a person may have made a user of the same name. */
const toDemoId = (username: string): string => `demo-${username}`

/**
 * Makes the users, or sets their passwords again, because a database may be older than the folder that keeps passwords.
 */
export async function seedUsers(
  ctx: { users: UserStore; passwords: Passwords },
  usersToSeed: UserToSeed[],
): Promise<SeededUsers> {
  const seeded: SeededUsers = { ids: new Map(), others: [] }
  for (const user of usersToSeed) {
    const known = await ctx.users.findCredentials(user.username)
    seeded.ids.set(user.username, known?.user.user_id ?? toDemoId(user.username))
    if (!known) await create(ctx, user)
    else if (known.user.user_id !== toDemoId(user.username)) seeded.others.push(user.username)
    else if (!(await ctx.passwords.verify(user.password, known.password_hash))) {
      await ctx.users.update(known.user.user_id, { password_hash: await ctx.passwords.hash(user.password) })
    }
  }
  return seeded
}

async function create(ctx: { users: UserStore; passwords: Passwords }, { username, password, role }: UserToSeed) {
  const password_hash = await ctx.passwords.hash(password)
  await ctx.users.create({ user_id: toDemoId(username), username, password_hash, role })
}
