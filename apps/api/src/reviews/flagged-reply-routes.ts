import { judgeFlaggedReply, listFlaggedReplies } from '@engineer-chat/chat/reviews'
import { CursorQuery, FlaggedReply, FlaggedReplyFilter, JudgeReply, MessageId } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { Paginated } from '../http/paginated.ts'
import { createRunVerb } from '../http/run-verb.ts'

const tags = ['operations']

/** Registers the routes of flagged answers, in which the output filter found something, and of verdicts on them. */
export function registerFlaggedReplyRoutes(app: Api, deps: ApiDeps): void {
  const ctx = { ...deps.stores, isPrivateTextShown: deps.config.sessions.isPrivateTextReviewed }
  const run = createRunVerb(deps)

  app.get(
    '/api/admin/flagged-replies',
    {
      schema: {
        tags,
        summary: 'Admin: list answers in which the output filter found something, the newest first',
        querystring: Type.Object({ ...CursorQuery.properties, ...FlaggedReplyFilter.properties }),
        response: { 200: Paginated(FlaggedReply) },
      },
    },
    (request) => run(request, listFlaggedReplies, ctx, request.query),
  )

  app.put(
    '/api/admin/flagged-replies/:message_id/verdict',
    {
      schema: {
        tags,
        summary: 'Admin: give the verdict on a flagged answer; a later verdict replaces it',
        params: Type.Object({ message_id: MessageId }),
        body: JudgeReply,
        response: { 200: FlaggedReply },
      },
    },
    (request) => run(request, judgeFlaggedReply, ctx, { ...request.body, ...request.params }),
  )
}
