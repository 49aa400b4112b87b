import { Readable } from 'node:stream'
import { exportRoom } from '@engineer-chat/chat/rooms'
import { EventId, ExportQuery } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { enforceLimit, type RateLimits } from '../http/rate-limits.ts'
import { createRunVerb } from '../http/run-verb.ts'

const CONTENT_TYPES = { json: 'application/json; charset=utf-8', markdown: 'text/markdown; charset=utf-8' }
const FILE_EXTENSIONS = { json: 'json', markdown: 'md' }

/** Serves the room as a file. A reader checks the file by comparing its SHA-256 with the hash in the audit. */
export function registerExportRoute(app: Api, deps: ApiDeps, limits: RateLimits): void {
  const ctx = { ...deps.stores, now: () => new Date() }
  const run = createRunVerb(deps)

  app.get(
    '/api/events/:event_id/export',
    {
      preHandler: async (request, reply) => enforceLimit(limits.exports, request, reply),
      schema: {
        tags: ['room'],
        summary:
          'Export the room and the event’s documents as the caller may read them, as Markdown or JSON with hashes',
        params: Type.Object({ event_id: EventId }),
        querystring: ExportQuery,
      },
    },
    async (request, reply) => {
      const { event_id } = request.params
      const { format } = request.query
      const document = await run(request, exportRoom, ctx, { ...request.query, event_id })
      return reply
        .type(CONTENT_TYPES[format])
        .header('content-disposition', `attachment; filename="${toFileName(event_id)}.${FILE_EXTENSIONS[format]}"`)
        .send(Readable.from(document))
    },
  )
}

/** An event's id may contain `:`, which Windows does not allow in the name of a file. */
const toFileName = (event_id: string): string => event_id.replaceAll(':', '-')
