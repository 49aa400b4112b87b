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
 * Holds a quote as it will be stored, and who may read the quoted message. A message may get more readers later, but
 * never fewer.
 */
export interface FoundQuote {
  content: MessageQuote
  audience: Audience
}

/** Names the field of the request in a `validation_failed` error, as a JSON pointer. */
const TEXT_POINTER = '/quote/text'

/**
 * Looks a quote up in a message that the caller may read, and takes its text from there.
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
  const quotedText = findText(row.message, requestedText)
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

/** Looks for the text as it was requested, then without its citations, because quotable texts have no citations. */
function findText(message: Message, requestedText: string): string | undefined {
  const texts = listQuotableTexts(message)
  const isCited = createCitationMatcher(message.message_content.citations ?? [])
  return findSelectedText(texts, requestedText) ?? findSelectedText(texts, removeCitationMarks(requestedText, isCited))
}

/**
 * Shortens the white space of a quoted text that is over the limit, because the message may have more white space than
 * the requested text.
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
 * Returns `quote_private` for a question to the room that quotes a private message, because the room has more readers
 * than that message.
 */
export const findQuoteRefusal = (quote: FoundQuote | undefined, visibility: Visibility): ChatError | undefined =>
  quote && visibility === 'room' && isPrivate(quote.audience) ? new ChatError('quote_private') : undefined

/**
 * Returns who may read a post to the room. A post that quotes a shared chat is for people only, as that chat is.
 * @throws ChatError quote_private
 */
export function findPostAudience(quote: FoundQuote | undefined): Audience {
  if (!quote) return 'all'
  if (isPrivate(quote.audience)) throw new ChatError('quote_private')
  return quote.audience
}

/**
 * Lists what a quote adds to the `request_hash` of its question or post. Without a quote it adds nothing, so that the
 * hash is the same as in versions that had no quotes.
 */
export const listHashedParts = (quote: QuoteRequest | undefined): string[] =>
  quote ? [quote.message_id, quote.text] : []
