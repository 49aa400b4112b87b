import type { AuditEntry, AuditLog } from '@engineer-chat/chat/shared'
import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import { and, desc, eq, getTableColumns, gte, lt, type SQL } from 'drizzle-orm'
import type { Pool } from 'mysql2/promise'
import { createWrite, ifGiven, type Statement, toDatabase, toItems } from '../core/index.ts'
import { auditLog } from '../schema/index.ts'

const { id, created_at, ...ENTRY_FIELDS } = getTableColumns(auditLog)
const ENTRY_COLUMNS = Object.keys(ENTRY_FIELDS)

/** Creates a statement, so that a question and its audit entries are written in one transaction and one round trip. */
export function insertAuditEntries(entries: AuditEntry[]): Statement {
  const rows = entries.map((entry: Record<string, unknown>) => ENTRY_COLUMNS.map((column) => entry[column]))
  return createWrite(`INSERT INTO audit_log (${ENTRY_COLUMNS.join(', ')}) VALUES ?`, [rows])
}

export function createAuditLog(pool: Pool): AuditLog {
  const db = toDatabase(pool)
  return {
    async write(entries) {
      if (entries.length > 0) await db.insert(auditLog).values(entries)
    },
    async list({ cursor, limit, ...filter }) {
      const isEarlier = ifGiven(cursor, (cursorId) => lt(id, Number(cursorId)))
      const found = await db
        .select({ id, at: created_at, ...ENTRY_FIELDS })
        .from(auditLog)
        .where(and(...Object.values(toConditions(filter)), isEarlier))
        .orderBy(desc(id))
        .limit(limit + 1)
      const records = found.map((record): AuditRecord => ({ ...record, id: String(record.id) }))
      return toItems(records, limit, (record) => record.id)
    },
  }
}

const toConditions = ({
  action,
  actor,
  event_id,
  object_id,
  from,
  to,
}: AuditFilter): Record<keyof AuditFilter, SQL | undefined> => ({
  action: ifGiven(action, (value) => eq(auditLog.action, value)),
  actor: ifGiven(actor, (value) => eq(auditLog.actor, value)),
  event_id: ifGiven(event_id, (value) => eq(auditLog.event_id, value)),
  object_id: ifGiven(object_id, (value) => eq(auditLog.object_id, value)),
  from: ifGiven(from, (value) => gte(created_at, value)),
  to: ifGiven(to, (value) => lt(created_at, value)),
})
