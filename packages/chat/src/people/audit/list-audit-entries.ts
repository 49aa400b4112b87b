import type { AuditQuery, AuditRecord } from '@engineer-chat/protocol'
import {
  type AuditLog,
  describeAct,
  type Items,
  listNoEvent,
  type Principal,
  type VerbReport,
} from '../../shared/index.ts'
import { requireAdmin } from '../check-rights.ts'

/** Lists the matching audit entries, the newest first. @throws ChatError forbidden */
export async function listAuditEntries(
  ctx: { audit: AuditLog },
  caller: Principal,
  { limit = 50, ...query }: AuditQuery,
): Promise<Items<AuditRecord>> {
  requireAdmin(caller)
  return ctx.audit.list({ ...query, limit })
}

listAuditEntries.report = {
  listShownEvents: listNoEvent,
  // An `admin_view` without an event: the entry says that an admin has read the audit.
  audit: () => [describeAct('admin_view', { object_type: 'audit', detail: null })],
} satisfies VerbReport<AuditQuery, Items<AuditRecord>>
