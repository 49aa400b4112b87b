import { markDeceptive } from '@engineer-chat/markdown'
import type { EventSummary, Tlp } from '@engineer-chat/protocol'
import type {
  DocumentPassage,
  EventChange,
  ReplyContext,
  RoomMessage,
  RoomSources,
  SimilarIncident,
} from '../../shared/index.ts'
import { toQuoteLabel } from '../quotes.ts'

/** Describes one source that an answer may cite by its id. */
export interface Source {
  /** Ids look like `ev1`, `sum2`, `chg1`, `pin1`, `msg4`, `doc1`, `inc1`, `old1`. */
  id: string
  kind:
    | 'event'
    | 'description'
    | 'context'
    | 'summary'
    | 'change'
    | 'pin'
    | 'message'
    | 'document'
    | 'incident'
    | 'earlier'
    | 'quote'
  /** People see this label beside the id. */
  label: string
  text: string
  /** The prompt contains this text instead of the label, because secrets are searched in texts only. */
  promptLabel?: string
  message_id?: string
  document_id?: string
  /** Names another event. */
  event_id?: string
  /** Holds the anchor of the heading of the document's piece. */
  anchor?: string
  /** Holds the label of a document, of another event or of an answer's documents. Others have their event's. */
  tlp?: Tlp
  /** Ranks messages, pieces and events by how well they fit the question; 1 fits best. */
  rank?: number
}

/** Each kind's ids begin with these letters; no bracketed term of the field (`[C2]`, `[M365]`) begins so. */
export const ID_PREFIXES: Record<Source['kind'], string> = {
  event: 'ev',
  description: 'ev',
  context: 'ev',
  summary: 'sum',
  change: 'chg',
  pin: 'pin',
  message: 'msg',
  document: 'doc',
  incident: 'inc',
  earlier: 'old',
  quote: 'quo',
}

/**
 * Lists the sources in the prompt's order; what the question quotes comes last. The same context gives the same ids,
 * even if some do not fit.
 */
export function listSources({
  event,
  summary,
  room,
  documents,
  incidents,
  carried_over,
  quote,
}: ReplyContext): Source[] {
  const eventLines = [
    `name: ${event.event_name}`,
    `severity: ${event.severity}`,
    `status: ${event.event_status}`,
    `source: ${event.source}`,
    `created_at: ${event.created_at}`,
  ].join('\n')
  return withIds([
    { kind: 'event', label: 'event', text: eventLines },
    { kind: 'description', label: 'description', text: event.message.trim() },
    { kind: 'context', label: 'context', text: event.context.trim() },
    ...listSummaries(summary, room).map((shown): Piece => ({ kind: 'summary', ...toSummaryText(shown) })),
    ...(room?.changes ?? []).map(toChangePiece),
    ...(room?.pins ?? []).map((pin) => toMessagePiece('pin', pin)),
    ...(room?.messages ?? []).map((message) => toMessagePiece('message', message)),
    ...(documents ?? []).map(toDocumentPiece),
    ...(incidents ?? []).map(toIncidentPiece),
    { kind: 'earlier', label: 'earlier session', text: carried_over?.trim() ?? '' },
    ...(quote
      ? [{ kind: 'quote', label: toQuoteLabel(quote), text: quote.text, message_id: quote.message_id } as const]
      : []),
  ])
}

/** The room's list ends with the latest summary, except for a catch-up, which contains only what is new. */
function listSummaries(summary: EventSummary | null, room: RoomSources | undefined): EventSummary[] {
  if (room && (room.summaries.length > 0 || room.since !== null)) return room.summaries
  return summary ? [summary] : []
}

const toChangePiece = ({ changed, created_at }: EventChange): Piece => ({
  kind: 'change',
  label: `change, ${created_at}`,
  text: Object.entries(changed)
    .map(([field, value]) => (value === null ? `${field} was rewritten` : `${field}: ${value}`))
    .join('\n'),
})

const toMessagePiece = (
  kind: 'pin' | 'message',
  { message_id, author, content, created_at, question, rank, tlp }: RoomMessage,
): Piece => ({
  kind,
  label: `${author}, ${created_at}`,
  text: question ? `${question.author} asked: ${question.content.trim()}\n\nanswer: ${content.trim()}` : content.trim(),
  message_id,
  ...(rank !== undefined && { rank }),
  ...(tlp && { tlp }),
})

/** The text names its headings, so that a step is understood without the document. */
const toDocumentPiece = (
  { document_id, title, headings, anchor, tlp, text }: DocumentPassage,
  index: number,
): Piece => {
  const path = [title, ...headings.filter((heading) => heading !== title)].join(' › ')
  return {
    kind: 'document',
    label: markDeceptive(path),
    promptLabel: 'document',
    text: `${path}\n\n${text.trim()}`,
    document_id,
    anchor,
    tlp,
    rank: index + 1,
  }
}

/** The text says what both events have in common. */
const toIncidentPiece = (
  { event_id, event_name, severity, tlp, shared, excerpt }: SimilarIncident,
  index: number,
): Piece => ({
  kind: 'incident',
  label: markDeceptive(event_name),
  promptLabel: 'another incident',
  text: [
    `name: ${event_name}`,
    `severity: ${severity}`,
    ...(shared.length === 0 ? [] : [`in both incidents: ${shared.join(', ')}`]),
    '',
    excerpt,
  ].join('\n'),
  event_id,
  tlp,
  rank: index + 1,
})

type Piece = Omit<Source, 'id'>

/** Gives the pieces numbers by prefix. An empty piece keeps its number and is left out. */
function withIds(pieces: Piece[]): Source[] {
  const counts = new Map<string, number>()
  return pieces
    .map((piece): Source => {
      const prefix = ID_PREFIXES[piece.kind]
      const number = (counts.get(prefix) ?? 0) + 1
      counts.set(prefix, number)
      return { id: `${prefix}${number}`, ...piece }
    })
    .filter(({ text }) => text !== '')
}

function toSummaryText({ round_id, updated_at, event_summary, event_suggestion }: EventSummary) {
  const suggestion = event_suggestion.trim()
  return {
    label: `summary, round ${round_id}, ${updated_at}`,
    text: suggestion === '' ? event_summary.trim() : `${event_summary.trim()}\n\nsuggestion: ${suggestion}`,
  }
}
