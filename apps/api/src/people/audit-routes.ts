import { Readable } from 'node:stream'
import { adminOnly } from '@engineer-chat/chat/people'
import type { AuditLog } from '@engineer-chat/chat/shared'
import { AuditFilter, AuditQuery, AuditRecord } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { ItemsOf } from '../http/paginated.ts'
import { CSV_HEAD, csvLine } from './audit-csv.ts'
import { recorder } from './audit-request.ts'
import { callerOf } from './authenticate.ts'

const tags = ['operations']
const AT_ONCE = 1_000

export function auditRoutes(app: Api, { stores }: ApiDeps): void {
  const record = recorder(stores.audit)

  app.get(
    '/api/admin/audit',
    {
      schema: {
        tags,
        summary: 'Admin: who did what, the newest first',
        querystring: AuditQuery,
        response: { 200: ItemsOf(AuditRecord) },
      },
    },
    async (request) => {
      adminOnly(callerOf(request))
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
      adminOnly(callerOf(request))
      const { format = 'ndjson', ...filter } = request.query
      await record(request, { action: 'export', object_type: 'audit', object_id: null, detail: format })
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(format === 'csv' ? csv(stores.audit, filter) : ndjson(stores.audit, filter)))
    },
  )
}

/** As many at a time as memory doesn't mind, however many there are. */
async function* pages(audit: AuditLog, filter: AuditFilter): AsyncGenerator<AuditRecord[]> {
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await audit.list({ ...filter, ...(cursor !== undefined && { cursor }), limit: AT_ONCE })
    if (page.items.length > 0) yield page.items
    cursor = page.next_cursor
  }
}

async function* csv(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  yield CSV_HEAD
  for await (const records of pages(audit, filter)) yield records.map(csvLine).join('')
}

async function* ndjson(audit: AuditLog, filter: AuditFilter): AsyncGenerator<string> {
  for await (const records of pages(audit, filter)) {
    yield records.map((record) => `${JSON.stringify(record)}\n`).join('')
  }
}
