import { deriveEventRights, toAccessKey, type UncachedRights, type UserStore } from '../../people/index.ts'
import type { Principal } from '../../shared/index.ts'
import { listMentionedNames } from './list-names.ts'

/**
 * Resolves to the ids of the people whom a post names. Left out are the author of the post, agents, deactivated users
 * and people who may not read the event. A text without a name needs no read of the database.
 */
export async function findMentionedUserIds(
  ctx: { users: Pick<UserStore, 'findByUsernames'>; uncachedRights: Pick<UncachedRights, 'findAccessAndRoles'> },
  author: Principal,
  event_id: string,
  text: string,
): Promise<string[]> {
  const spellingsOfNames = listMentionedNames(text)
  if (spellingsOfNames.length === 0) return []
  // These are at most 3,200 names: 64 spellings for each of `MAX_MENTIONS` names. Usually there is one for each name.
  const users = await ctx.users.findByUsernames([...new Set(spellingsOfNames.flat())])
  const usersByName = new Map(users.map((user) => [user.username, user]))
  const findUser = (spellings: string[]) =>
    spellings.map((spelling) => usersByName.get(spelling)).find((user) => user !== undefined)
  const namedUsers = spellingsOfNames.flatMap((spellings) => findUser(spellings) ?? [])
  const people = [...new Set(namedUsers)].filter(
    ({ user_id, role, active }) => active && role !== 'agent' && user_id !== author.user_id,
  )
  if (people.length === 0) return []
  const accessAndRoles = await ctx.uncachedRights.findAccessAndRoles(
    people.map(({ user_id }) => ({ user_id, event_id })),
  )
  const mayRead = (person: Principal) =>
    deriveEventRights(person, accessAndRoles.get(toAccessKey(person.user_id, event_id))).read
  return people.filter(mayRead).map(({ user_id }) => user_id)
}
