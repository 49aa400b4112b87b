import { type Message, readMessageBody, readQuote, type SearchPage, type SearchQuery } from '@engineer-chat/protocol'
import { listAudiences, type RightsLookup, requireRights } from '../people/index.ts'
import { ChatError, listInputEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { addIndicators } from './indicators/add-indicators.ts'
import type { Timeline } from './timeline.ts'

const PAGE_ROWS = 500

interface SearchContext {
  rights: RightsLookup
  timeline: Timeline
  /** One search reads at most this many of the messages that the caller may read. */
  maxSearchedMessages: number
}

/**
 * Finds messages that the caller may read. With `q`, they contain this text. With `from`, this agent wrote them. At
 * least one of the two has to be set. The search reads from the newest message down, or from the message before the
 * position `before`. A `next_before` of null means that the search has read the whole room.
 * @throws ChatError event_not_found, validation_failed
 */
export async function searchRoom(
  ctx: SearchContext,
  caller: Principal,
  { event_id, q, from: agentName, before, limit = 20 }: SearchQuery & { event_id: string },
): Promise<SearchPage> {
  if (q === undefined && agentName === undefined) {
    throw new ChatError('validation_failed', 'Search for words or an agent.')
  }
  await requireRights(ctx, caller, event_id)
  const searchText = q === undefined ? '' : toSearchText(q.trim())
  const matchesQuery = (message: Message): boolean =>
    (agentName === undefined || message.message_from === agentName) && containsText(message, searchText)

  const found: Message[] = []
  let pageEnd = before
  for (let messagesLeft = ctx.maxSearchedMessages; messagesLeft > 0; messagesLeft -= PAGE_ROWS) {
    const query = { limit: Math.min(PAGE_ROWS, messagesLeft), ...(pageEnd !== undefined && { before: pageEnd }) }
    const { rows, has_more } = await ctx.timeline.readPage(event_id, listAudiences(caller), query)
    for (const { message } of rows.toReversed()) {
      if (matchesQuery(message)) found.push(addIndicators(message))
      if (found.length === limit) return { messages: found, next_before: message.position }
    }
    // The rows are sorted with the oldest first. The next page ends before this page's oldest row.
    pageEnd = rows[0]?.message.position
    if (!has_more || pageEnd === undefined) return { messages: found, next_before: null }
  }
  return { messages: found, next_before: pageEnd ?? null }
}

searchRoom.report = { listShownEvents: listInputEvent } satisfies VerbReport<
  SearchQuery & { event_id: string },
  SearchPage
>

/**
 * Returns true if the message's text, its quote or a value in an agent's fields contains the searched text. It has to
 * be within one of them: a text that begins in one and ends in the next is not found.
 */
function containsText(message: Message, searchText: string): boolean {
  const texts = [message.message_content.content, readQuote(message)?.text ?? '']
  if (texts.some((text) => toSearchText(text).includes(searchText))) return true
  return readMessageBody(message).fields.some(({ value }) => valueContainsText(value, searchText))
}

/**
 * Searches the texts and numbers within a value, but not the names of its fields. The recursion is safe, because the
 * server limits the depth of a value when it receives it.
 */
function valueContainsText(value: unknown, searchText: string): boolean {
  if (typeof value === 'string' || typeof value === 'number') return toSearchText(String(value)).includes(searchText)
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some((inner) => valueContainsText(inner, searchText))
}

/**
 * Normalizes `q` and the searched texts, so that upper and lower case are equal. An indicator that was defanged with
 * `hxxp`, `[.]` or `[:]` equals the original one.
 */
const toSearchText = (text: string): string =>
  text.toLowerCase().replaceAll('[.]', '.').replaceAll('[:]', ':').replaceAll('hxxp', 'http')
