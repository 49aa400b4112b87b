import { Readable } from 'node:stream'
import { exportRoom } from '@engineer-chat/chat/rooms'
import { EventId, ExportQuery } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { type Limits, withinLimit } from '../http/limits.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const TYPES = { json: 'application/json; charset=utf-8', markdown: 'text/markdown; charset=utf-8' }
const ENDINGS = { json: 'json', markdown: 'md' }

/** The room as a file. Whoever has it can check it with sha256sum, and with the audit that it is ours. */
export function exportRoute(app: Api, { stores, log }: ApiDeps, limits: Limits): void {
  const record = createAuditRecorder(stores.audit)

  app.get(
    '/api/events/:event_id/export',
    {
      preHandler: async (request, reply) => withinLimit(limits.exports, request, reply),
      schema: {
        tags: ['room'],
        summary: 'The room as the caller may read it, as Markdown or JSON with hashes',
        params: Type.Object({ event_id: EventId }),
        querystring: ExportQuery,
      },
    },
    async (request, reply) => {
      const caller = getPrincipal(request)
      const { event_id } = request.params
      const { format, private: own = 'leave_out' } = request.query
      const what = { action: 'export', object_type: 'event', object_id: event_id, event_id } as const
      const sealed = (sha256: string) => record(request, { ...what, detail: `${format} sha256=${sha256}` })
      const ctx = { ...stores, now: () => new Date(), sealed }
      const document = await exportRoom(ctx, caller, { ...request.query, event_id })
      await record(request, { ...what, detail: own === 'include' ? `${format} private` : format })
      log.info('EngineerChat.room_exported', { request_id: request.id, user_id: caller.user_id, event_id })
      return reply
        .type(TYPES[format])
        .header('content-disposition', `attachment; filename="${toFileName(event_id)}.${ENDINGS[format]}"`)
        .send(Readable.from(document))
    },
  )
}

const toFileName = (event_id: string): string => event_id.replaceAll(':', '-')
