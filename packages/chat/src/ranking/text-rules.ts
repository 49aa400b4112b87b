import { type EventReport, INDICATOR_RULES } from '../rooms/index.ts'
import type { StoredMessage } from '../shared/index.ts'
import { indexText } from './list-terms.ts'
import type { PieceRules, TextRules } from './text-index.ts'

export const TEXT_RULES: TextRules = {
  indexRow: (row) => (isIndexedRow(row) ? indexText(row.message.message_content.content) : undefined),
  indexEvent: ({ event_name, message, context, event_summary }) =>
    indexText([event_name, message, context, event_summary ?? ''].join('\n')),
  // After such a row, both the text index and the index of indicators read the report again.
  isReportChange: INDICATOR_RULES.isReportChange,
}

/** A piece is found by its own text, by the title of its document and by the headings above it. */
export const PIECE_RULES: PieceRules = {
  indexPiece: ({ title, headings, text }) => indexText([title, ...headings, text].join('\n')),
}

/**
 * Returns the text of the query that finds events similar to this one. It has the event's name and message, but neither
 * its context nor its summary.
 */
export const toEventQueryText = ({ event_name, message }: Pick<EventReport, 'event_name' | 'message'>): string =>
  `${event_name}\n${message}`

/**
 * Returns true for a person's post, and for a question or an answer of a shared session. Returns false for all messages
 * of private sessions, for messages of agents and of the product, and for a reply that has not ended or has failed.
 */
function isIndexedRow({ message, audience }: StoredMessage): boolean {
  const { message_category, sender_type, message_type } = message
  if (message_type !== 'chat' || (audience !== 'all' && audience !== 'people')) return false
  return message_category === 'engineer_chat' || (message_category === 'room' && sender_type === 'user')
}
