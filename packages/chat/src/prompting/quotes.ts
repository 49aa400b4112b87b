import { findQuotedSenderType, type MessageQuote, type Tlp } from '@engineer-chat/protocol'
import type { QuotedText } from '../shared/index.ts'
import { addFence } from './fence.ts'
import { findAnswerTlp, type LabelledAnswer } from './sources/answer-tlp.ts'

/** Holds what is read for a quote: the name of the person, or the answer and its earlier versions. */
export interface QuotedFacts {
  username?: string | undefined
  /** Lists all stored versions of the answer, because it may have been asked for again after it was quoted. */
  versions?: LabelledAnswer[] | undefined
}

/** Describes a stored quote for a prompt. A person has a name; others have their role. */
export function toQuotedText(quote: MessageQuote, { username, versions }: QuotedFacts): QuotedText {
  const { message_id, created_at, text } = quote
  const tlpLabel = findQuoteTlp(quote, versions)
  return { message_id, author: describeAuthor(quote, username), created_at, text, ...tlpLabel }
}

/**
 * Returns the strictest label of the answer's versions. If the answer is gone, its label is not known, and counts as
 * TLP:RED. A text of a person or an agent has the label of its event.
 */
function findQuoteTlp(quote: MessageQuote, versions: LabelledAnswer[] = []): { tlp?: Tlp } {
  if (findQuotedAnswerId(quote) === undefined) return {}
  return versions.length === 0
    ? { tlp: 'red' }
    : findAnswerTlp({ sources: versions.flatMap(({ sources = [] }) => sources) })
}

/** Returns the id of the quoted answer. Only answers of the AI have sources with labels. */
export const findQuotedAnswerId = (quote: MessageQuote): string | undefined =>
  findQuotedSenderType(quote) === 'ai' ? quote.message_id : undefined

/** Returns the id of the person who wrote the quoted text. Agents and the AI are named by their role. */
export const findQuotedPersonId = ({ message_from, user_id }: Author): string | undefined =>
  user_id !== null && message_from === user_id ? user_id : undefined

type Author = Pick<MessageQuote, 'message_category' | 'message_from' | 'user_id'>

/** Names a person by `username`, and others by their role. The `message_from` of an agent is its role after `_`. */
export function describeAuthor(author: Author, username: string | undefined): string {
  const { message_category, message_from } = author
  if (message_category === 'agent') return `agent ${message_from.replace(/^_/, '')}`
  if (findQuotedPersonId(author) !== undefined) return username ?? message_from
  return message_from === 'ai_assistant' ? 'assistant' : 'system'
}

/** Describes a quote within a question. Only the quote of the question that is asked has an id to cite. */
export interface QuotedPart {
  id?: string
  label: string
  text: string
}

/** Names the author and the time of the quoted text, as the label of a message does. */
export const toQuoteLabel = ({ author, created_at }: Pick<QuotedText, 'author' | 'created_at'>): string =>
  `${author}, ${created_at}`

/** Encloses a quote in a fence, because its text was written by others. */
export const writeQuote = (fenceMarker: string, { id, label, text }: QuotedPart): string =>
  addFence(fenceMarker, id === undefined ? `quote: ${label}` : `${id} quote: ${label}`, text)
