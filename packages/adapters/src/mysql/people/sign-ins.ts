import type { SignInStore } from '@engineer-chat/chat/people'
import type { User } from '@engineer-chat/protocol'
import type { Pool, ResultSetHeader } from 'mysql2/promise'
import { executeRows, type Tx, transaction } from '../core/index.ts'
import { toUser, USER_COLUMNS, type UserRecord } from './users.ts'

/** Calls `changed` when a sign-in has ended. */
export function createSignInStore(pool: Pool, changed: () => void): SignInStore {
  return {
    create: ({ sign_in_id, user_id, token_hash, ttl_s, password_hash }) =>
      transaction(pool, async (tx) => {
        // The user's row is locked: a concurrent change of the password either ends this sign-in or is seen by it.
        const [begun] = await tx.execute<ResultSetHeader>(
          `INSERT INTO sign_ins (sign_in_id, user_id)
           SELECT ?, user_id FROM users WHERE user_id = ? AND password_hash = ? AND active = 1 FOR UPDATE`,
          [sign_in_id, user_id, password_hash],
        )
        if (begun.affectedRows === 0) return false
        await putToken(tx, sign_in_id, token_hash, ttl_s)
        return true
      }),
    rotate: (token_hash, next_hash, ttl_s) => transaction(pool, (tx) => rotate(tx, token_hash, next_hash, ttl_s)),
    async end(sign_in_id) {
      await pool.execute('UPDATE sign_ins SET ended_at = NOW(3) WHERE sign_in_id = ? AND ended_at IS NULL', [
        sign_in_id,
      ])
      changed()
    },
    async endAll(user_id) {
      await pool.execute('UPDATE sign_ins SET ended_at = NOW(3) WHERE user_id = ? AND ended_at IS NULL', [user_id])
      changed()
    },
  }
}

async function putToken(tx: Tx, sign_in_id: string, token_hash: string, ttl_s: number): Promise<void> {
  await tx.execute(
    'INSERT INTO refresh_tokens (token_hash, sign_in_id, expires_at) VALUES (?, ?, NOW(3) + INTERVAL ? SECOND)',
    [token_hash, sign_in_id, ttl_s],
  )
}

// The token's row decides a race: the second request waits for the first, finds the token used, and ends the family.
async function rotate(tx: Tx, token_hash: string, next_hash: string, ttl_s: number) {
  const [used] = await tx.execute<ResultSetHeader>(
    'UPDATE refresh_tokens SET used_at = NOW(3) WHERE token_hash = ? AND used_at IS NULL',
    [token_hash],
  )
  if (used.affectedRows === 0) return endTokenFamily(tx, token_hash)
  const holder = await findTokenHolder(tx, token_hash)
  if (holder) await putToken(tx, holder.sign_in_id, next_hash, ttl_s)
  return holder
}

async function findTokenHolder(tx: Tx, token_hash: string): Promise<{ sign_in_id: string; user: User } | undefined> {
  const [row] = await executeRows<UserRecord & { sign_in_id: string }>(
    tx,
    `SELECT s.sign_in_id, ${USER_COLUMNS} FROM refresh_tokens t
     JOIN sign_ins s ON s.sign_in_id = t.sign_in_id JOIN users u ON u.user_id = s.user_id
     WHERE t.token_hash = ? AND t.expires_at > NOW(3) AND s.ended_at IS NULL AND u.active = 1`,
    [token_hash],
  )
  return row && { sign_in_id: row.sign_in_id, user: toUser(row) }
}

async function endTokenFamily(tx: Tx, token_hash: string): Promise<undefined> {
  await tx.execute(
    `UPDATE sign_ins s JOIN refresh_tokens t ON t.sign_in_id = s.sign_in_id
     SET s.ended_at = NOW(3) WHERE t.token_hash = ? AND s.ended_at IS NULL`,
    [token_hash],
  )
}
