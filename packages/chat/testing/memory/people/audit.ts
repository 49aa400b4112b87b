import type { AuditRecord } from '@engineer-chat/protocol'
import type { AuditLog } from '../../../src/shared/audit.ts'
import type { World } from '../world.ts'

export function createMemoryAudit(world: World): AuditLog {
  return {
    async write(entries) {
      for (const entry of entries) {
        const at = new Date(world.now()).toISOString()
        world.auditLines.push({ ...entry, id: String(++world.audited), at })
      }
    },
    async list({ cursor, limit, from, to, ...same }) {
      const fits = (record: AuditRecord) =>
        Object.entries(same).every(([name, value]) => record[name as keyof AuditRecord] === value) &&
        (from === undefined || record.at >= from) &&
        (to === undefined || record.at < to) &&
        (cursor === undefined || Number(record.id) < Number(cursor))
      const items = world.auditLines.filter(fits).reverse()
      const page = items.slice(0, limit)
      return { items: page, next_cursor: items.length > limit ? (page.at(-1)?.id ?? null) : null }
    },
  }
}
