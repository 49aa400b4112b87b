import type { ChatStatus } from '@engineer-chat/protocol'
import type { EventStore } from '../events/index.ts'
import { type Catalogue, listForbiddenTlp } from '../models/index.ts'
import { type RightsLookup, requirePersonRights } from '../people/index.ts'
import { listWaitingReplies, type WaitStore } from '../replying/index.ts'
import { ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Returns what the web page needs before the caller's first question: whether the caller can ask now (`can_chat`), the
 * active session that was used last, the number of the caller's unfinished replies, the replies that wait for a busy
 * model, and the event with its current summary.
 * @throws ChatError event_not_found, forbidden
 */
export async function readStatus(
  ctx: {
    rights: RightsLookup
    sessions: SessionStore
    events: EventStore
    waits: WaitStore
    models: Catalogue
    maxRounds: number
  },
  caller: Principal,
  { event_id }: { event_id: string },
): Promise<ChatStatus> {
  const rights = await requirePersonRights(ctx, caller, event_id)
  const [event, event_summary, session, unfinishedReplyCount] = await Promise.all([
    ctx.events.find(event_id),
    ctx.events.findCurrentSummary(event_id),
    ctx.sessions.findActive(caller.user_id, event_id),
    ctx.sessions.countUnfinishedReplies(caller.user_id, event_id),
  ])
  if (!event) throw new ChatError('event_not_found')
  const { session_id = null, rounds = 0 } = session ?? {}
  // The session stores the limit of rounds from the time when it began. That limit is not used here, because
  // `sendMessage` checks the limit that is configured now.
  const max_rounds = ctx.maxRounds
  const waiting_replies = unfinishedReplyCount > 0 ? await listWaitingReplies(ctx, caller.user_id, event_id) : []
  return {
    session_id,
    rounds,
    max_rounds,
    can_chat: rights.ask && rounds < max_rounds && !listForbiddenTlp(ctx.models, null).includes(event.tlp),
    pending_replies: unfinishedReplyCount,
    waiting_replies,
    event,
    event_summary: event_summary ?? null,
  }
}

readStatus.report = { listShownEvents: listInputEvent } satisfies VerbReport<{ event_id: string }, ChatStatus>
