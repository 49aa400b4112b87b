import { type EventReport, INDICATOR_RULES } from '../rooms/index.ts'
import type { StoredMessage } from '../shared/index.ts'
import { indexText } from './list-terms.ts'
import type { PieceRules, TextRules } from './text-index.ts'

export const TEXT_RULES: TextRules = {
  indexRow: (row) => (isIndexed(row) ? indexText(row.message.message_content.content) : undefined),
  indexEvent: ({ event_name, message, context, event_summary }) =>
    indexText([event_name, message, context, event_summary ?? ''].join('\n')),
  isReportChange: INDICATOR_RULES.isReportChange,
}

/** A piece is also found by the title of its document and by the headings that lead to it. */
export const PIECE_RULES: PieceRules = {
  indexPiece: ({ title, headings, text }) => indexText([title, ...headings, text].join('\n')),
}

/** Returns the text by which similar events are searched: an event's name and message, without context and summary. */
export const toEventQuery = ({ event_name, message }: Pick<EventReport, 'event_name' | 'message'>): string =>
  `${event_name}\n${message}`

/**
 * Returns true for a person's post, and for a question or a finished answer of a shared session. It returns false for a
 * message of an agent or of the product, of a private session, and for a reply that is unfinished or failed.
 */
function isIndexed({ message, audience }: StoredMessage): boolean {
  const { message_category, sender_type, message_type } = message
  if (message_type !== 'chat' || (audience !== 'all' && audience !== 'people')) return false
  return message_category === 'engineer_chat' || (message_category === 'room' && sender_type === 'user')
}
