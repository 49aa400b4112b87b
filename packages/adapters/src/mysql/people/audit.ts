import type { AuditEntry, AuditLog } from '@engineer-chat/chat/shared'
import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Pool } from 'mysql2/promise'
import { createWrite, fromIso, queryRows, runTogether, type Statement, toIso, toItems } from '../core/index.ts'

const COLUMNS = [
  'action',
  'actor',
  'address',
  'object_type',
  'object_id',
  'event_id',
  'detail',
  'request_id',
] as const satisfies Array<keyof AuditEntry>

/** Writes the entry in the transaction of the audited change, or in its own. */
export function insertAuditEntries(entries: AuditEntry[]): Statement {
  const rows = entries.map((entry) => COLUMNS.map((column) => entry[column]))
  return createWrite(`INSERT INTO audit_log (${COLUMNS.join(', ')}) VALUES ?`, [rows])
}

export function createAuditLog(pool: Pool): AuditLog {
  return {
    async write(entries) {
      if (entries.length > 0) await runTogether(pool, [insertAuditEntries(entries)])
    },
    async list({ cursor, limit, ...filter }) {
      const { where, values } = buildConditions(filter, cursor)
      const rows = await queryRows<AuditRecord>(
        pool,
        `SELECT id, created_at AS at, ${COLUMNS.join(', ')} FROM audit_log ${where} ORDER BY id DESC LIMIT ?`,
        [...values, limit + 1],
      )
      return toItems(rows.map(toAuditRecord), limit, (record) => record.id)
    },
  }
}

const toAuditRecord = ({ id, at, ...rest }: AuditRecord): AuditRecord => ({
  id: String(id),
  at: toIso(at),
  action: rest.action,
  actor: rest.actor,
  address: rest.address,
  object_type: rest.object_type,
  object_id: rest.object_id,
  event_id: rest.event_id,
  detail: rest.detail,
  request_id: rest.request_id,
})

const CONDITIONS: Record<keyof AuditFilter, { sql: string; value(text: string): string }> = {
  action: { sql: 'action = ?', value: (text) => text },
  actor: { sql: 'actor = ?', value: (text) => text },
  event_id: { sql: 'event_id = ?', value: (text) => text },
  object_id: { sql: 'object_id = ?', value: (text) => text },
  from: { sql: 'created_at >= ?', value: fromIso },
  to: { sql: 'created_at < ?', value: fromIso },
}

function buildConditions(filter: AuditFilter, cursor: string | undefined): { where: string; values: string[] } {
  const given = Object.entries(filter) as Array<[keyof AuditFilter, string]>
  const parts = given.map(([name, text]) => ({ sql: CONDITIONS[name].sql, value: CONDITIONS[name].value(text) }))
  if (cursor !== undefined) parts.push({ sql: 'id < ?', value: cursor })
  if (parts.length === 0) return { where: '', values: [] }
  return { where: `WHERE ${parts.map(({ sql }) => sql).join(' AND ')}`, values: parts.map(({ value }) => value) }
}
