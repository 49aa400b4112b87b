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

/** Similar events are searched for by the name and the report of an event, and not by its context or summary. */
export const toEventQuery = ({ event_name, message }: Pick<EventReport, 'event_name' | 'message'>): string =>
  `${event_name}\n${message}`

/**
 * Returns false for an agent's message, a message of a private session, a reply that has not ended and a line that the
 * product wrote itself.
 */
function isIndexed({ message, audience }: StoredMessage): boolean {
  const { message_category, sender_type, message_type } = message
  if (message_type !== 'chat' || (audience !== 'all' && audience !== 'people')) return false
  return message_category === 'engineer_chat' || (message_category === 'room' && sender_type === 'user')
}
