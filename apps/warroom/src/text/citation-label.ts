import type { Citation } from '@engineer-chat/protocol'

export interface CitationLabel {
  /** Holds a kind of source, such as `summary`, or the name of a message's author, of a document or of an event. */
  name: string
  /** Holds the number of the agents' round. */
  round?: number
  /** Holds the time in ISO 8601. */
  at?: string
}

/** Returns true if the source is part of the event itself. Its label then begins with a kind, and not with a name. */
export const isPartOfEvent = ({ message_id, document_id, event_id }: Citation): boolean =>
  message_id === undefined && document_id === undefined && event_id === undefined

/**
 * Reads a stored label, such as `summary, round 2, 2026-…Z`. The label of a message is its author's name and time. The
 * label of a document or of another event is its name, which may look like anything.
 */
export function readCitationLabel(citation: Citation): CitationLabel {
  const { label, message_id } = citation
  if (message_id === undefined && !isPartOfEvent(citation)) return { name: label }
  const [, labelWithoutTime = label, at] = /^(.*), (\d{4}-\d\d-\d\dT[\d:.]+Z)$/.exec(label) ?? []
  const roundMatch = isPartOfEvent(citation) ? /^(.*), round (\d+)$/.exec(labelWithoutTime) : null
  const [, name = labelWithoutTime, round] = roundMatch ?? []
  return { name, ...(round !== undefined && { round: Number(round) }), ...(at !== undefined && { at }) }
}

/** Translates a kind of source, which is stored in English. Returns other names unchanged, even if they equal one. */
export function formatSourceName(citation: Citation, kinds: Record<string, string>): string {
  const { name } = readCitationLabel(citation)
  return (isPartOfEvent(citation) && Object.hasOwn(kinds, name) && kinds[name]) || name
}
