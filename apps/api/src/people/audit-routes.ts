import { Readable } from 'node:stream'
import { exportAudit, listAuditEntries } from '@engineer-chat/chat/people'
import { escapeHiddenInJson } from '@engineer-chat/markdown'
import { AuditFilter, AuditQuery, AuditRecord } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'
import { CSV_HEAD, toCsvLine } from './audit-csv.ts'

const tags = ['operations']

export function registerAuditRoutes(app: Api, deps: ApiDeps): void {
  const ctx = deps.stores
  const run = createRunVerb(deps)

  app.get(
    '/api/admin/audit',
    {
      schema: {
        tags,
        summary: 'Admin: list audit entries, the newest first',
        querystring: AuditQuery,
        response: { 200: Paginated(AuditRecord) },
      },
    },
    (request) => run(request, listAuditEntries, ctx, request.query),
  )

  app.get(
    '/api/admin/audit/export',
    {
      schema: {
        tags,
        summary: 'Admin: export the matching audit entries as CSV or NDJSON, the newest first',
        querystring: Type.Object({
          ...AuditFilter.properties,
          format: Type.Optional(Type.Enum(['csv', 'ndjson'], { default: 'ndjson' })),
        }),
      },
    },
    async (request, reply) => {
      const { format = 'ndjson', ...filter } = request.query
      const pages = await run(request, exportAudit, ctx, { filter, format })
      return reply
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .send(Readable.from(format === 'csv' ? writeCsv(pages) : writeNdjson(pages)))
    },
  )
}

type Pages = AsyncIterable<AuditRecord[]>

async function* writeCsv(pages: Pages): AsyncGenerator<string> {
  yield CSV_HEAD
  for await (const records of pages) yield records.map(toCsvLine).join('')
}

async function* writeNdjson(pages: Pages): AsyncGenerator<string> {
  for await (const records of pages)
    yield records.map((record) => `${escapeHiddenInJson(JSON.stringify(record))}\n`).join('')
}
