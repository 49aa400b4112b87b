import type { Passwords, UserStore } from '@engineer-chat/chat/people'
import type { UserRole } from '@engineer-chat/protocol'

export interface UserToSeed {
  username: string
  password: string
  role: UserRole
}

export interface SeededUsers {
  /** Maps each username to the id of its user. */
  ids: Map<string, string>
  /** Lists the usernames that people had taken already. These people keep their passwords and roles. */
  existingUsernames: string[]
}

/** Seeded users are identified by their ids, because a person may have created a user of the same name. */
const toDemoId = (username: string): string => `demo-${username}`

/**
 * Creates the users, or sets their passwords again, because the folder with the passwords may have been deleted since
 * the database was created. It does not change a user of the same name that a person has created.
 */
export async function seedUsers(
  ctx: { users: UserStore; passwords: Passwords },
  usersToSeed: UserToSeed[],
): Promise<SeededUsers> {
  const seeded: SeededUsers = { ids: new Map(), existingUsernames: [] }
  for (const user of usersToSeed) {
    const known = await ctx.users.findCredentials(user.username)
    seeded.ids.set(user.username, known?.user.user_id ?? toDemoId(user.username))
    if (!known) await createUser(ctx, user)
    else if (known.user.user_id !== toDemoId(user.username)) seeded.existingUsernames.push(user.username)
    else if (!(await ctx.passwords.verify(user.password, known.password_hash))) {
      await ctx.users.update(known.user.user_id, { password_hash: await ctx.passwords.hash(user.password) })
    }
  }
  return seeded
}

async function createUser(ctx: { users: UserStore; passwords: Passwords }, { username, password, role }: UserToSeed) {
  const password_hash = await ctx.passwords.hash(password)
  await ctx.users.create({ user_id: toDemoId(username), username, password_hash, role })
}
