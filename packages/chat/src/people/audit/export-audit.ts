import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import { type AuditLog, describeAct, listNoEvent, type Principal, type VerbReport } from '../../shared/index.ts'
import { requireAdmin } from '../check-rights.ts'

/** An export reads this many entries at a time, so that it never holds all of them in memory. */
const PAGE_SIZE = 1_000

interface ExportInput {
  filter: AuditFilter
  /** The API writes the entries in this format. This verb only mentions the format in its audit entry. */
  format: 'csv' | 'ndjson'
}

type AuditPages = AsyncGenerator<AuditRecord[]>

/** Resolves to a generator of the pages of all matching entries, the newest first. @throws ChatError forbidden */
export async function exportAudit(
  ctx: { audit: AuditLog },
  caller: Principal,
  { filter }: ExportInput,
): Promise<AuditPages> {
  requireAdmin(caller)
  return readPages(ctx.audit, filter)
}

exportAudit.report = {
  listShownEvents: listNoEvent,
  audit: ({ input: { format } }) => [describeAct('export', { object_type: 'audit', detail: format })],
} satisfies VerbReport<ExportInput, AuditPages>

async function* readPages(audit: AuditLog, filter: AuditFilter): AuditPages {
  /** Is undefined before the first page is read, and null after the last page. */
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page = await audit.list({ ...filter, ...(cursor !== undefined && { cursor }), limit: PAGE_SIZE })
    if (page.items.length > 0) yield page.items
    cursor = page.next_cursor
  }
}
