import { findSelectedText } from '@engineer-chat/markdown'
import {
  countCharacters,
  createCitationMatcher,
  MAX_QUOTE_CHARACTERS,
  type Message,
  type MessageQuote,
  type QuoteRequest,
  removeCitationMarks,
  type Visibility,
} from '@engineer-chat/protocol'
import { listAudiences } from '../../people/index.ts'
import {
  type Audience,
  ChatError,
  type Principal,
  type StoredMessage,
  throwInvalid,
  trimAndCheckText,
} from '../../shared/index.ts'
import type { Timeline } from '../timeline.ts'
import { listQuotableTexts } from './quotable-texts.ts'

/**
 * Holds a quote as it will be stored, and who may read the quoted message. A message may get more readers later but
 * never fewer, so the readers of a stored quote may always read the quoted message, too.
 */
export interface FoundQuote {
  content: MessageQuote
  audience: Audience
}

/** Is the JSON pointer of the quoted text in the request. A `validation_failed` error contains it. */
const TEXT_POINTER = '/quote/text'

/**
 * Looks for the requested text in a message that the caller may read. The text of the quote is a copy from the message,
 * not from the request.
 * @throws ChatError validation_failed, message_not_found, quote_mismatch
 */
export async function findQuote(
  ctx: { timeline: Pick<Timeline, 'findMessage'> },
  caller: Principal,
  event_id: string,
  { message_id, text }: QuoteRequest,
): Promise<FoundQuote> {
  const requestedText = trimAndCheckText(text, TEXT_POINTER, MAX_QUOTE_CHARACTERS)
  const row = await ctx.timeline.findMessage(event_id, listAudiences(caller), message_id)
  if (!row) throw new ChatError('message_not_found')
  const quotedText = findQuotedText(row.message, requestedText)
  if (quotedText === undefined) throw new ChatError('quote_mismatch')
  const { message_from, message_category, user_id, created_at } = row.message
  const content: MessageQuote = {
    message_id,
    message_from,
    message_category,
    user_id,
    created_at,
    text: shortenWhiteSpace(quotedText),
    ...(isPeopleOnlyPost(row) && { people_only: true }),
  }
  return { content, audience: row.audience }
}

/**
 * Returns true for a post that only people may read. The quote stores this as `people_only`, because the web page does
 * not know the audience of a message.
 */
const isPeopleOnlyPost = ({ message, audience }: StoredMessage): boolean =>
  message.message_category === 'room' && audience === 'people'

/**
 * Looks for the text as it was requested. If the message does not have it, looks for it without the citations, because
 * quotable texts have none. Returns undefined if neither is found.
 */
function findQuotedText(message: Message, requestedText: string): string | undefined {
  const texts = listQuotableTexts(message)
  const isCited = createCitationMatcher(message.message_content.citations ?? [])
  return findSelectedText(texts, requestedText) ?? findSelectedText(texts, removeCitationMarks(requestedText, isCited))
}

/**
 * Shortens the white space of a quoted text that has too many characters. The requested text had few enough, but the
 * text in the message may have more white space.
 * @throws ChatError validation_failed, if the shortened text still has too many
 */
function shortenWhiteSpace(text: string): string {
  if (countCharacters(text) <= MAX_QUOTE_CHARACTERS) return text
  const short = text.replace(/\s+/g, (space) => (space.includes('\n') ? '\n' : ' '))
  if (countCharacters(short) > MAX_QUOTE_CHARACTERS) {
    throwInvalid(TEXT_POINTER, `must have at most ${MAX_QUOTE_CHARACTERS} characters`)
  }
  return short
}

const isPrivate = (audience: Audience): boolean => audience !== 'all' && audience !== 'people'

/**
 * Returns the error `quote_private` for a question of a shared session that quotes a private message, because the
 * question has more readers than that message. Returns undefined if the quote is allowed.
 */
export const findQuoteRefusal = (quote: FoundQuote | undefined, visibility: Visibility): ChatError | undefined =>
  quote && visibility === 'room' && isPrivate(quote.audience) ? new ChatError('quote_private') : undefined

/**
 * Returns who may read a post: the readers of the message that it quotes, or everybody if it quotes none. So a post
 * that quotes a shared chat is for people only.
 * @throws ChatError quote_private
 */
export function findPostAudience(quote: FoundQuote | undefined): Audience {
  if (!quote) return 'all'
  if (isPrivate(quote.audience)) throw new ChatError('quote_private')
  return quote.audience
}

/**
 * Lists what a quote adds to the `request_hash` of its question or post. The list is empty without a quote, so that the
 * hash of such a request is the same as in versions that had no quotes.
 */
export const listHashedParts = (quote: QuoteRequest | undefined): string[] =>
  quote ? [quote.message_id, quote.text] : []
