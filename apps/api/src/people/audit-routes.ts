import { Readable } from 'node:stream'
import { requireAdmin } from '@engineer-chat/chat/people'
import type { AuditLog } from '@engineer-chat/chat/shared'
import { AuditFilter, AuditQuery, AuditRecord } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { CSV_HEAD, toCsvLine } from './audit-csv.ts'
import { createAuditRecorder } from './audit-request.ts'
import { getPrincipal } from './authenticate.ts'

const tags = ['operations']
const AT_ONCE = 1_000

export function auditRoutes(app: Api, { stores }: ApiDeps): void {
  const record = createAuditRecorder(stores.audit)

  app.get(
    '/api/admin/audit',
    {
      schema: {
        tags,
        summary: 'Admin: who did what, the newest first',
        querystring: AuditQuery,
        response: { 200: Paginated(AuditRecord) },
      },
    },
    async (request) => {
      requireAdmin(getPrincipal(request))
      const { limit = 50, ...query } = request.query
      const lines = await stores.audit.list({ ...query, limit })
      await record(request, { action: 'admin_view', object_type: 'audit', object_id: null })
      return lines
    },
  )

  app.get(
    '/api/admin/audit/export',
    {
      schema: {
        tags,
        summary: 'Admin: all lines that fit, as CSV or NDJSON, the newest first',
        querystring: Type.Object({
          ...AuditFilter.properties,
          format: Type.Optional(Type.Enum(['csv', 'ndjson'], { default: 'ndjson' })),
        }),
      },
    },
    async (request, reply) => {
      requireAdmin(getPrincipal(request))
      const { format = 'ndjson', ...filter } = request.query
      await record(request, { action: 'export', object_type: 'audit', object_id: null, detail: format })
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(format === 'csv' ? writeCsv(stores.audit, filter) : writeNdjson(stores.audit, filter)))
    },
  )
}

/** As many at a time as memory doesn't mind, however many there are. */
async function* readPages(audit: AuditLog, filter: AuditFilter): AsyncGenerator<AuditRecord[]> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await audit.list({ ...filter, ...(cursor !== undefined && { cursor }), limit: AT_ONCE })
    if (page.items.length > 0) yield page.items
    cursor = page.next_cursor
  }
}

async function* writeCsv(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  yield CSV_HEAD
  for await (const records of readPages(audit, filter)) yield records.map(toCsvLine).join('')
}

async function* writeNdjson(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  for await (const records of readPages(audit, filter)) {
    yield records.map((record) => `${JSON.stringify(record)}\n`).join('')
  }
}
