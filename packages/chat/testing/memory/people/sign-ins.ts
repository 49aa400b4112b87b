import type { SignInStore } from '../../../src/people/user-store.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemorySignIns(data: MemoryData): SignInStore {
  const putToken = (token_hash: string, sign_in_id: string, refreshTokenSeconds: number) =>
    data.refreshTokens.set(token_hash, {
      sign_in_id,
      expires_at: data.now() + refreshTokenSeconds * 1_000,
      used: false,
    })
  return {
    async create({ sign_in_id, user_id, token_hash, refreshTokenSeconds, verified_hash, network_hash }) {
      const stored = data.users.get(user_id)
      if (!stored?.user.active || stored.password_hash !== verified_hash) return false
      data.signIns.set(sign_in_id, {
        user_id,
        ended: false,
        created_at: data.now(),
        ...(network_hash !== undefined && { network_hash }),
      })
      putToken(token_hash, sign_in_id, refreshTokenSeconds)
      return true
    },
    hasSignedInFrom: async (network_hashes) =>
      [...data.signIns.values()].some(({ network_hash = '' }) => network_hashes.includes(network_hash)),
    async rotate(token_hash, next_token_hash, { refreshTokenSeconds, maxAgeSeconds }) {
      const token = data.refreshTokens.get(token_hash)
      const signIn = token && data.signIns.get(token.sign_in_id)
      if (!token || !signIn) return undefined
      if (token.used) signIn.ended = true
      const user = data.users.get(signIn.user_id)?.user
      if (signIn.ended || token.expires_at <= data.now() || !user?.active) return undefined
      token.used = true
      const remaining_s = Math.floor((signIn.created_at - data.now()) / 1_000 + maxAgeSeconds)
      if (remaining_s <= 0) return undefined
      putToken(next_token_hash, token.sign_in_id, Math.min(refreshTokenSeconds, remaining_s))
      return { sign_in_id: token.sign_in_id, user, remaining_s }
    },
    async end(sign_in_id) {
      const signIn = data.signIns.get(sign_in_id)
      if (signIn) signIn.ended = true
    },
    async endAll(user_id) {
      for (const signIn of data.signIns.values()) if (signIn.user_id === user_id) signIn.ended = true
    },
  }
}
