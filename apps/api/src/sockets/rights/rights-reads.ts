import { type SignInRef, toAccessKey, type UncachedRights } from '@engineer-chat/chat/people'
import type { AccessAndRole, Principal } from '@engineer-chat/chat/shared'
import { coalesceReads } from './coalesce-reads.ts'

/** Each call reads the rights of one connection. Calls that arrive during a read from MySQL share the next read. */
export interface CoalescedRights {
  /** Finds the role of this sign-in's user. */
  findPrincipal(signIn: SignInRef): Promise<Pick<Principal, 'role'> | undefined>
  findAccessAndRole(key: { user_id: string; event_id: string }): Promise<AccessAndRole | undefined>
}

export function createCoalescedRights(reader: UncachedRights): CoalescedRights {
  return {
    findPrincipal: coalesceReads(async (signIns: SignInRef[]) => {
      const principals = await reader.findPrincipals(signIns)
      return ({ sign_in_id }) => principals.get(sign_in_id)
    }),
    findAccessAndRole: coalesceReads(async (keys: Array<{ user_id: string; event_id: string }>) => {
      const accessAndRoles = await reader.findAccessAndRoles(keys)
      return ({ user_id, event_id }) => accessAndRoles.get(toAccessKey(user_id, event_id))
    }),
  }
}
