import { RIGHTS_MAX_AGE_MS, type RightsLookup, type SignInRef, toAccessKey } from '@engineer-chat/chat/people'
import { type AccessAndRole, ChatError, type Principal } from '@engineer-chat/chat/shared'
import type { Pool } from 'mysql2/promise'
import { createExpiringCache, groupCommit, isConnectionLost } from '../core/index.ts'
import { createUncachedRights } from './uncached-rights.ts'

/** Limits the entries of each cache, and the reads that wait. A node serves fewer users while an entry is valid. */
const MAX_ENTRIES = 20_000
/** Limits the reads in one statement. */
const MAX_READS = 200

export interface CachedRights extends RightsLookup {
  /** Discards all entries, after this node has changed rights. Other nodes see the change when their entries expire. */
  clear(): void
}

/** Reads rights for requests and keeps them for `RIGHTS_MAX_AGE_MS`. `now` is the caches' clock, in milliseconds. */
export function createCachedRights(pool: Pool, now?: () => number): CachedRights {
  const cacheOptions = { maxAgeMs: RIGHTS_MAX_AGE_MS, maxEntries: MAX_ENTRIES, ...(now && { now }) }
  const callers = createExpiringCache<Principal>(cacheOptions)
  const accessAndRoles = createExpiringCache<AccessAndRole>(cacheOptions)
  const reader = createUncachedRights(pool)

  const readCaller = createCoalescedReader<SignInRef, Principal | undefined>(async (signIns) => {
    const principals = await reader.findPrincipals(signIns)
    return signIns.map(({ sign_in_id, user_id }) => {
      const role = principals.get(sign_in_id)?.role
      return role && { user_id, role }
    })
  })
  const readAccessAndRole = createCoalescedReader<{ user_id: string; event_id: string }, AccessAndRole | undefined>(
    async (pairs) => {
      const found = await reader.findAccessAndRoles(pairs)
      return pairs.map(({ user_id, event_id }) => found.get(toAccessKey(user_id, event_id)))
    },
  )

  const rights: RightsLookup = {
    findPrincipal: (signIn) => callers.get(`${signIn.sign_in_id} ${signIn.user_id}`, () => readCaller(signIn)),
    findAccessAndRole: (user_id, event_id) =>
      accessAndRoles.get(`${user_id} ${event_id}`, () => readAccessAndRole({ user_id, event_id })),
  }
  return {
    ...rights,
    clear() {
      callers.clear()
      accessAndRoles.clear()
    },
  }
}

/** Reads that arrive while another is running share the next statement, so each read costs less under load. */
const createCoalescedReader = <Key, Found>(read: (keys: Key[]) => Promise<Found[]>): ((key: Key) => Promise<Found>) =>
  groupCommit({
    run: read,
    maxBatchItems: MAX_READS,
    maxWaiting: MAX_ENTRIES,
    createFullError: () => new ChatError('unavailable'),
    shouldRunSingly: (error) => !isConnectionLost(error),
  })
