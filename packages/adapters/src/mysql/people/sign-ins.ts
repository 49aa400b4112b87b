import type { SignInLifetime, SignInStore } from '@engineer-chat/chat/people'
import type { User } from '@engineer-chat/protocol'
import { and, eq, gt, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { type Database, insertSelected, NOW, toDatabase, transaction } from '../core/index.ts'
import { refreshTokens, signIns, users } from '../schema/index.ts'
import { endSignIns } from './end-sign-ins.ts'
import { USER_FIELDS } from './user-fields.ts'

/** Calls `onRightsChange` when a sign-in has ended, because its access tokens then give no rights any more. */
export function createSignInStore(pool: Pool, onRightsChange: () => void): SignInStore {
  const end = async (isSelected: SQL): Promise<void> => {
    await endSignIns(toDatabase(pool), isSelected)
    onRightsChange()
  }
  return {
    create: (signIn) => transaction(pool, (tx) => createSignIn(toDatabase(tx), signIn)),
    async rotate(token_hash, next_token_hash, lifetime) {
      const { holder, endedCount } = await transaction(pool, (tx) =>
        rotateToken(toDatabase(tx), token_hash, next_token_hash, lifetime),
      )
      if (endedCount > 0) onRightsChange()
      return holder
    },
    async hasSignedInFrom(network_hashes) {
      const isOfUserAndNetwork = inArray(signIns.network_hash, network_hashes)
      const found = await toDatabase(pool)
        .select({ sign_in_id: signIns.sign_in_id })
        .from(signIns)
        .where(isOfUserAndNetwork)
        .limit(1)
      return found.length > 0
    },
    end: (sign_in_id) => end(eq(signIns.sign_in_id, sign_in_id)),
    endAll: (user_id) => end(eq(signIns.user_id, user_id)),
  }
}

// The user's row is locked: a concurrent change of the password either ends this sign-in or makes it fail.
async function createSignIn(
  db: Database,
  {
    sign_in_id,
    user_id,
    token_hash,
    refreshTokenSeconds,
    verified_hash,
    network_hash,
  }: Parameters<SignInStore['create']>[0],
): Promise<boolean> {
  const matchesUser = and(eq(users.user_id, user_id), eq(users.password_hash, verified_hash), eq(users.active, true))
  const created = await insertSelected(
    db,
    signIns,
    { sign_in_id, user_id: sql`${users.user_id}`, network_hash: network_hash ?? null },
    sql`FROM ${users} WHERE ${matchesUser} FOR UPDATE`,
  )
  if (created === 0) return false
  await putToken(db, sign_in_id, token_hash, refreshTokenSeconds)
  return true
}

async function putToken(
  db: Database,
  sign_in_id: string,
  token_hash: string,
  refreshTokenSeconds: number,
): Promise<void> {
  const expires_at = sql`NOW(3) + INTERVAL ${refreshTokenSeconds} SECOND`
  await db.insert(refreshTokens).values({ token_hash, sign_in_id, expires_at })
}

// The token's row decides a race: the second request waits for the first, finds the token used, and ends the sign-in.
async function rotateToken(
  db: Database,
  token_hash: string,
  next_token_hash: string,
  { refreshTokenSeconds, maxAgeSeconds }: SignInLifetime,
) {
  const [used] = await db
    .update(refreshTokens)
    .set({ used_at: NOW })
    .where(and(eq(refreshTokens.token_hash, token_hash), isNull(refreshTokens.used_at)))
  if (used.affectedRows === 0) return { holder: undefined, endedCount: await endSignInOfToken(db, token_hash) }
  const holder = await findTokenHolder(db, token_hash, maxAgeSeconds)
  if (holder) await putToken(db, holder.sign_in_id, next_token_hash, Math.min(refreshTokenSeconds, holder.remaining_s))
  return { holder, endedCount: 0 }
}

async function findTokenHolder(
  db: Database,
  token_hash: string,
  maxAgeSeconds: number,
): Promise<{ sign_in_id: string; user: User; remaining_s: number } | undefined> {
  const end = sql`${signIns.created_at} + INTERVAL ${maxAgeSeconds} SECOND`
  const remaining_s = sql<number>`TIMESTAMPDIFF(SECOND, NOW(3), ${end})`
  const [holder] = await db
    .select({ sign_in_id: signIns.sign_in_id, user: USER_FIELDS, remaining_s })
    .from(refreshTokens)
    .innerJoin(signIns, eq(signIns.sign_in_id, refreshTokens.sign_in_id))
    .innerJoin(users, eq(users.user_id, signIns.user_id))
    .where(
      and(
        eq(refreshTokens.token_hash, token_hash),
        gt(refreshTokens.expires_at, NOW),
        isNull(signIns.ended_at),
        gt(remaining_s, 0),
        eq(users.active, true),
      ),
    )
  return holder
}

/** Returns how many sign-ins have ended: none for an unknown token. */
function endSignInOfToken(db: Database, token_hash: string): Promise<number> {
  const signInOfToken = db
    .select({ sign_in_id: refreshTokens.sign_in_id })
    .from(refreshTokens)
    .where(eq(refreshTokens.token_hash, token_hash))
  return endSignIns(db, sql`${signIns.sign_in_id} = ${signInOfToken}`)
}
