import { type RightsLookup, type SignInRef, toAccessKey, type UncachedRights } from '../../../src/people/rights.ts'
import type { AccessAndRole, Principal } from '../../../src/shared/principal.ts'
import type { MemoryData } from '../memory-data.ts'

/** Reads the stored rights without a cache. */
export function createMemoryRights(data: MemoryData): RightsLookup {
  return {
    findPrincipal: async (sign_in) => findPrincipal(data, sign_in),
    findAccessAndRole: async (user_id, event_id) => findAccessAndRole(data, user_id, event_id),
  }
}

export function createMemoryUncachedRights(data: MemoryData): UncachedRights {
  return {
    async findPrincipals(sign_ins) {
      const found = sign_ins.flatMap((sign_in) => {
        const caller = findPrincipal(data, sign_in)
        return caller ? [[sign_in.sign_in_id, { role: caller.role }] as const] : []
      })
      return new Map(found)
    },
    async findAccessAndRoles(pairs) {
      const found = pairs.flatMap(({ user_id, event_id }) => {
        const accessAndRole = findAccessAndRole(data, user_id, event_id)
        return accessAndRole ? [[toAccessKey(user_id, event_id), accessAndRole] as const] : []
      })
      return new Map(found)
    },
  }
}

function findPrincipal(data: MemoryData, { user_id, sign_in_id }: SignInRef): Principal | undefined {
  const signIn = data.signIns.get(sign_in_id)
  const user = data.users.get(user_id)?.user
  if (!signIn || signIn.ended || signIn.user_id !== user_id || !user?.active) return undefined
  return { user_id, role: user.role }
}

export function findAccessAndRole(data: MemoryData, user_id: string, event_id: string): AccessAndRole | undefined {
  const room = data.rooms.get(event_id)
  return room && { access: room.event.access, role: room.members.get(user_id)?.role ?? null }
}
