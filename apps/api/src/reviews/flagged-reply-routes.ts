import { judgeFlagged, listFlagged } from '@engineer-chat/chat/reviews'
import { CursorQuery, FlaggedFilter, FlaggedReply, JudgeReply, MessageId } from '@engineer-chat/protocol'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createAuditRecorder } from '../people/audit-request.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['operations']

/** Answers in which the output filter found something, and what admins make of them. */
export function flaggedReplyRoutes(app: Api, { config, stores }: ApiDeps): void {
  const ctx = { ...stores, showPrivateText: config.sessions.isPrivateTextReviewed }
  const record = createAuditRecorder(stores.audit)

  async function recordLooks(request: FastifyRequest, replies: FlaggedReply[]): Promise<void> {
    const caller = getPrincipal(request)
    const shown = replies.filter(
      ({ visibility, text, user_id }) => visibility === 'private' && text !== null && user_id !== caller.user_id,
    )
    for (const { message_id: object_id, event_id } of shown) {
      const what = {
        action: 'admin_view',
        object_type: 'message',
        object_id,
        event_id,
        detail: 'private_text',
      } as const
      await record(request, what)
    }
  }

  app.get(
    '/api/admin/flagged-replies',
    {
      schema: {
        tags,
        summary: 'Admin: answers in which the output filter found something, the newest first',
        querystring: Type.Object({ ...CursorQuery.properties, ...FlaggedFilter.properties }),
        response: { 200: Paginated(FlaggedReply) },
      },
    },
    async (request) => {
      const page = await listFlagged(ctx, getPrincipal(request), request.query)
      await recordLooks(request, page.items)
      return page
    },
  )

  app.put(
    '/api/admin/flagged-replies/:message_id/verdict',
    {
      schema: {
        tags,
        summary: 'Admin: the verdict on a flagged answer; the last one counts',
        params: Type.Object({ message_id: MessageId }),
        body: JudgeReply,
        response: { 200: FlaggedReply },
      },
    },
    async (request) => {
      const judged = await judgeFlagged(ctx, getPrincipal(request), { ...request.body, ...request.params })
      const { message_id: object_id, event_id, verdict } = judged
      const what = { action: 'reply_judged', object_type: 'message', object_id, event_id, detail: verdict } as const
      await record(request, what)
      await recordLooks(request, [judged])
      return judged
    },
  )
}
