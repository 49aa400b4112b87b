import type { MessagePage, PageQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../people/index.ts'
import { type Audience, ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import type { StoredPage, Timeline } from './timeline.ts'

/**
 * Reads a page of the room as the caller sees it: before the position `before`, after the position `after`, or around
 * the message with the id `around`. Without any of them, it reads the newest page.
 * @throws ChatError event_not_found, message_not_found, validation_failed
 */
export async function readTimeline(
  ctx: { rights: RightsLookup; timeline: Timeline },
  caller: Principal,
  { event_id, before, after, around, limit = 50 }: PageQuery & { event_id: string },
): Promise<MessagePage> {
  const givenParameters = [before, after, around].filter((parameter) => parameter !== undefined)
  if (givenParameters.length > 1) {
    throw new ChatError('validation_failed', 'One of before, after and around.')
  }
  await requireRights(ctx, caller, event_id)
  const audiences = listAudiences(caller)
  const query = { limit, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
  const page =
    around === undefined
      ? await ctx.timeline.readPage(event_id, audiences, query)
      : await readPageAround(ctx.timeline, event_id, audiences, { message_id: around, limit })
  return { messages: page.rows.map(({ message }) => addIndicators(message)), seq: page.seq, has_more: page.has_more }
}

readTimeline.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  PageQuery & { event_id: string },
  MessagePage
>

/** Reads the message, rows before it and rows after it. The `has_more` of the page says whether older rows exist. */
async function readPageAround(
  timeline: Timeline,
  event_id: string,
  audiences: Audience[],
  { message_id, limit }: { message_id: string; limit: number },
): Promise<StoredPage> {
  const position = await timeline.findPosition(event_id, audiences, message_id)
  if (position === undefined) throw new ChatError('message_not_found')
  // The older rows include the message itself.
  const olderLimit = Math.ceil(limit / 2)
  const older = await timeline.readPage(event_id, audiences, { before: position + 1, limit: olderLimit })
  const newerLimit = limit - olderLimit
  if (newerLimit === 0) return older
  const newer = await timeline.readPage(event_id, audiences, { after: position, limit: newerLimit })
  return { ...older, rows: [...older.rows, ...newer.rows] }
}
