import { type Message, readMessageBody, readQuote, type SearchPage, type SearchQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../people/index.ts'
import { ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import type { Timeline } from './timeline.ts'

const PAGE_ROWS = 500

interface SearchContext {
  rights: RightsLookup
  timeline: Timeline
  /** One search looks through at most this many messages. */
  maxSearchedMessages: number
}

/**
 * Finds messages that the caller may read and that contain the text `q` and come from the agent `from`, as far as these
 * are set. The newest message comes first. The search begins before the position `before`.
 * @throws ChatError event_not_found, validation_failed
 */
export async function searchRoom(
  ctx: SearchContext,
  caller: Principal,
  { event_id, q, from, before, limit = 20 }: SearchQuery & { event_id: string },
): Promise<SearchPage> {
  if (q === undefined && from === undefined) throw new ChatError('validation_failed', 'Search for words or an agent.')
  await requireRights(ctx, caller, event_id)
  const searchText = q === undefined ? '' : toSearchText(q.trim())
  const isFound = (message: Message): boolean =>
    (from === undefined || message.message_from === from) && containsText(message, searchText)

  const found: Message[] = []
  let position = before
  for (let messagesLeft = ctx.maxSearchedMessages; messagesLeft > 0; messagesLeft -= PAGE_ROWS) {
    const query = { limit: Math.min(PAGE_ROWS, messagesLeft), ...(position !== undefined && { before: position }) }
    const { rows, has_more } = await ctx.timeline.readPage(event_id, listAudiences(caller), query)
    for (const { message } of rows.toReversed()) {
      if (isFound(message)) found.push(addIndicators(message))
      if (found.length === limit) return { messages: found, next_before: message.position }
    }
    position = rows[0]?.message.position
    if (!has_more || position === undefined) return { messages: found, next_before: null }
  }
  return { messages: found, next_before: position ?? null }
}

searchRoom.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  SearchQuery & { event_id: string },
  SearchPage
>

/**
 * Searches the message's text and quote first, then the values of an agent's fields. Each is searched separately, so
 * that nothing is found across two of them.
 */
function containsText(message: Message, searchText: string): boolean {
  const texts = [message.message_content.content, readQuote(message)?.text ?? '']
  if (texts.some((text) => toSearchText(text).includes(searchText))) return true
  return readMessageBody(message).fields.some(({ value }) => valueContainsText(value, searchText))
}

/** Searches the texts and numbers within a value. The depth of a value is limited where content is received. */
function valueContainsText(value: unknown, searchText: string): boolean {
  if (typeof value === 'string' || typeof value === 'number') return toSearchText(String(value)).includes(searchText)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((inner) => valueContainsText(inner, searchText))
}

/**
 * Normalizes `q` and the searched texts, so that an indicator is found in any case, and also if it was defanged with
 * `hxxp`, `[.]` or `[:]`.
 */
const toSearchText = (text: string): string =>
  text.toLowerCase().replaceAll('[.]', '.').replaceAll('[:]', ':').replaceAll('hxxp', 'http')
