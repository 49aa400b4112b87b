import type { Upkeep } from '../../src/ports/index.ts'
import type { World } from './world.ts'

const DAY_MS = 86_400_000

export function memoryUpkeep(world: World): Upkeep {
  const isExpired = (one: { expires_at: number }) => one.expires_at <= world.now()
  return {
    async removeExpired(limit) {
      const tickets = removeWhere(world.tickets, isExpired, limit)
      const tokens = removeWhere(world.tokens, isExpired, limit)
      const alive = new Set([...world.tokens.values()].map((token) => token.sign_in_id))
      return tickets + tokens + removeWhere(world.signIns, (_, sign_in_id) => !alive.has(sign_in_id), limit)
    },
    async removeAudit(older_than_days, limit) {
      const before = new Date(world.now() - older_than_days * DAY_MS).toISOString()
      const old = new Set(world.auditLines.filter(({ at }) => at < before).slice(0, limit))
      world.auditLines = world.auditLines.filter((record) => !old.has(record))
      return old.size
    },
  }
}

function removeWhere<V>(map: Map<string, V>, condition: (value: V, key: string) => boolean, limit: number): number {
  const keys = [...map].filter(([key, value]) => condition(value, key)).slice(0, limit)
  for (const [key] of keys) map.delete(key)
  return keys.length
}
