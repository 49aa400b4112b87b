import { membershipKey, type Rights, type RightsReader, type SignIn } from '../../../src/people/rights.ts'
import type { Caller, Membership } from '../../../src/shared/model.ts'
import type { World } from '../world.ts'

/** The truth itself, without a cache. */
export function memoryRights(world: World): Rights {
  return {
    caller: async (sign_in) => callerOf(world, sign_in),
    membership: async (user_id, event_id) => membershipOf(world, user_id, event_id),
  }
}

export function memoryRightsReader(world: World): RightsReader {
  return {
    async callers(sign_ins) {
      const good = sign_ins.flatMap((sign_in) => {
        const caller = callerOf(world, sign_in)
        return caller ? [[sign_in.sign_in_id, { role: caller.role }] as const] : []
      })
      return new Map(good)
    },
    async memberships(pairs) {
      const known = pairs.flatMap(({ user_id, event_id }) => {
        const membership = membershipOf(world, user_id, event_id)
        return membership ? [[membershipKey(user_id, event_id), membership] as const] : []
      })
      return new Map(known)
    },
  }
}

function callerOf(world: World, { user_id, sign_in_id }: SignIn): Caller | undefined {
  const signIn = world.signIns.get(sign_in_id)
  const user = world.users.get(user_id)?.user
  if (!signIn || signIn.ended || signIn.user_id !== user_id || !user?.active) return undefined
  return { user_id, role: user.role }
}

export function membershipOf(world: World, user_id: string, event_id: string): Membership | undefined {
  const room = world.rooms.get(event_id)
  return room && { access: room.event.access, member: room.members.get(user_id)?.role ?? null }
}
