import { findQuotedSenderType, type MessageQuote, type Tlp } from '@engineer-chat/protocol'
import type { QuotedText } from '../shared/index.ts'
import { addFence } from './fence.ts'
import { findStrictestTlp, type LabelledAnswer } from './sources/answer-tlp.ts'

/** Holds what is looked up for a quote: the name of a quoted person, or the stored versions of a quoted answer. */
export interface QuotedFacts {
  username?: string | undefined
  /** Lists all versions, because the quote may be of an older one: a question may be asked again after the quote. */
  versions?: LabelledAnswer[] | undefined
}

/** Converts a stored quote to the form that a prompt needs, with the author's name or role. */
export function toQuotedText(quote: MessageQuote, { username, versions }: QuotedFacts): QuotedText {
  const { message_id, created_at, text } = quote
  const tlp = findQuoteTlp(quote, versions)
  return { message_id, author: describeAuthor(quote, username), created_at, text, ...(tlp && { tlp }) }
}

/**
 * Returns the strictest TLP label of a quoted answer's versions. An answer that is no longer stored counts as TLP:RED,
 * because its label is not known. Returns undefined for a quote that has the label of its event, such as a person's.
 */
export function findQuoteTlp(quote: MessageQuote, versions: LabelledAnswer[] = []): Tlp | undefined {
  if (findQuotedAnswerId(quote) === undefined) return undefined
  return versions.length === 0
    ? 'red'
    : findStrictestTlp(versions.flatMap(({ sources = [] }) => sources.map(({ tlp }) => tlp)))
}

/** Returns the id of the quoted message if it is an answer of the AI, otherwise undefined. */
export const findQuotedAnswerId = (quote: MessageQuote): string | undefined =>
  findQuotedSenderType(quote) === 'ai' ? quote.message_id : undefined

/** Returns the id of the person who wrote the text, or undefined if an agent, the AI or the system wrote it. */
export const findQuotedPersonId = ({ message_from, user_id }: AuthorFields): string | undefined =>
  user_id !== null && message_from === user_id ? user_id : undefined

type AuthorFields = Pick<MessageQuote, 'message_category' | 'message_from' | 'user_id'>

/**
 * Names a person by `username`, or by their id if the name is not known. Names others by their role: an agent's
 * `message_from` is its role with `_` before it.
 */
export function describeAuthor(author: AuthorFields, username: string | undefined): string {
  const { message_category, message_from } = author
  if (message_category === 'agent') return `agent ${message_from.replace(/^_/, '')}`
  if (findQuotedPersonId(author) !== undefined) return username ?? message_from
  return message_from === 'ai_assistant' ? 'assistant' : 'system'
}

/** Describes a quote that is written before its question. */
export interface QuotedPart {
  /** An answer cites the quote by this id. Quotes of earlier rounds have none. */
  id?: string
  label: string
  text: string
}

/** Returns the author and the time of the quoted text, in the form of a message's label. */
export const toQuoteLabel = ({ author, created_at }: Pick<QuotedText, 'author' | 'created_at'>): string =>
  `${author}, ${created_at}`

/** Encloses a quote in a fence, because its text was written by others. */
export const writeQuote = (fenceMarker: string, { id, label, text }: QuotedPart): string =>
  addFence(fenceMarker, id === undefined ? `quote: ${label}` : `${id} quote: ${label}`, text)
