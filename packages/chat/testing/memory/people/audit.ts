import type { AuditRecord } from '@engineer-chat/protocol'
import type { AuditLog } from '../../../src/shared/audit/audit.ts'
import type { MemoryData } from '../memory-data.ts'

export function createMemoryAudit(data: MemoryData): AuditLog {
  return {
    async write(entries) {
      for (const entry of entries) {
        const at = new Date(data.now()).toISOString()
        data.auditLines.push({ ...entry, id: String(++data.auditEntryCount), at })
      }
    },
    async list({ cursor, limit, from, to, ...fields }) {
      const matchesFilter = (record: AuditRecord) =>
        Object.entries(fields).every(([name, value]) => record[name as keyof AuditRecord] === value) &&
        (from === undefined || record.at >= from) &&
        (to === undefined || record.at < to) &&
        (cursor === undefined || Number(record.id) < Number(cursor))
      const newestFirst = data.auditLines.filter(matchesFilter).reverse()
      const page = newestFirst.slice(0, limit)
      return { items: page, next_cursor: newestFirst.length > limit ? (page.at(-1)?.id ?? null) : null }
    },
  }
}
