import { toVisibleText } from '@engineer-chat/markdown'
import type { Citation } from '@engineer-chat/protocol'
import { useChat } from '../../state/asking/chat.ts'
import { useRoom } from '../../state/rooms/rooms.ts'
import { isPartOfEvent, readCitationLabel } from '../../text/citation-label.ts'
import { toPlainLine } from '../../text/excerpt.ts'

/**
 * Returns the text of a cited source that is part of the event itself, as one line. A citation names a summary or a
 * change by its time.
 */
export function useEventSourceText(event_id: string, citation: Citation): string | undefined {
  const { summaries } = useChat(event_id)
  const event = useRoom(event_id, (room) => room.event)
  const { name: kind, at } = readCitationLabel(citation)
  const change = useRoom(event_id, ({ messages }) =>
    kind === 'change' && isPartOfEvent(citation)
      ? messages.find((message) => message.message_type === 'event_change' && message.created_at === at)
      : undefined,
  )
  if (!isPartOfEvent(citation)) return undefined
  const summary = kind === 'summary' ? summaries.find(({ updated_at }) => updated_at === at) : undefined
  if (summary) return toOneLine(toVisibleText(summary.event_summary))
  if (change) return toPlainLine(change)
  if (!event) return undefined
  const textsByKind = new Map([
    ['event', [event.event_name, event.severity, event.event_status, event.source].join(' · ')],
    ['description', event.message],
    ['context', event.context],
  ])
  const text = textsByKind.get(kind)
  return text === undefined ? undefined : toOneLine(text)
}

const toOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
