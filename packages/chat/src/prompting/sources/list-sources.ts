import { markDeceptive } from '@engineer-chat/markdown'
import type { EventSummary, Tlp } from '@engineer-chat/protocol'
import type {
  EventChangeRecord,
  QuotedText,
  ReplyContext,
  RoomMessage,
  RoomSources,
  SimilarIncident,
  SourcePiece,
} from '../../shared/index.ts'
import { toQuoteLabel } from '../quotes.ts'
import { findRoundTlp, findStrictestTlp } from './answer-tlp.ts'

/** Describes one source that an answer may cite by its id. */
export interface Source {
  /** Ids look like `ev1`, `sum2`, `chg1`, `pin1`, `msg4`, `doc1`, `inc1`, `old1`, `quo1`. */
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
  /**
   * The prompt contains this fixed text instead of a label that people wrote, because labels are not searched for
   * secrets.
   */
  promptLabel?: string
  message_id?: string
  document_id?: string
  /** Names the event that an `incident` source describes. */
  event_id?: string
  /** Links to the heading above a document's piece. */
  anchor?: string
  /**
   * Holds the TLP label of a document, of another event, or of an earlier answer, which has the strictest label of its
   * sources. A source without `tlp` has the TLP label of the question's event.
   */
  tlp?: Tlp
  /** Ranks messages, pieces of documents and other events by how well they fit the question; 1 fits best. */
  rank?: number
}

/** Each kind's ids begin with these letters; no term in brackets that engineers use (`[C2]`, `[M365]`) begins so. */
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
  return addIds([
    { kind: 'event', label: 'event', text: eventLines },
    { kind: 'description', label: 'description', text: event.message.trim() },
    { kind: 'context', label: 'context', text: event.context.trim() },
    ...listSummaries(summary, room).map(toSummarySource),
    ...(room?.changes ?? []).map(toChangeSource),
    ...(room?.pins ?? []).map((pin) => toMessageSource('pin', pin)),
    ...(room?.messages ?? []).map((message) => toMessageSource('message', message)),
    ...(documents ?? []).map(toDocumentSource),
    ...(incidents ?? []).map(toIncidentSource),
    { kind: 'earlier', label: 'earlier session', text: carried_over?.trim() ?? '' },
    ...(quote ? [toQuoteSource(quote)] : []),
  ])
}

/** Lists the room's summaries, which end with the latest one. A catch-up has only new summaries, or none. */
function listSummaries(summary: EventSummary | null, room: RoomSources | undefined): EventSummary[] {
  if (room && (room.summaries.length > 0 || room.readPosition !== null)) return room.summaries
  return summary ? [summary] : []
}

function toSummarySource({ round_id, updated_at, event_summary, event_suggestion }: EventSummary): SourceDraft {
  const suggestion = event_suggestion.trim()
  return {
    kind: 'summary',
    label: `summary, round ${round_id}, ${updated_at}`,
    text: suggestion === '' ? event_summary.trim() : `${event_summary.trim()}\n\nsuggestion: ${suggestion}`,
  }
}

const toChangeSource = ({ changed, created_at }: EventChangeRecord): SourceDraft => ({
  kind: 'change',
  label: `change, ${created_at}`,
  text: Object.entries(changed)
    .map(([field, value]) => (value === null ? `${field} was rewritten` : `${field}: ${value}`))
    .join('\n'),
})

const toMessageSource = (
  kind: 'pin' | 'message',
  { message_id, author, content, created_at, question, rank, tlp }: RoomMessage,
): SourceDraft => ({
  kind,
  label: `${author}, ${created_at}`,
  text: question ? `${question.author} asked: ${question.content.trim()}\n\nanswer: ${content.trim()}` : content.trim(),
  message_id,
  ...(rank !== undefined && { rank }),
  ...(tlp && { tlp }),
})

/** The text begins with the document's title and the headings, so that a step is understood without the document. */
const toDocumentSource = (
  { document_id, title, headings, anchor, tlp, text }: SourcePiece,
  index: number,
): SourceDraft => {
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
const toIncidentSource = (
  { event_id, event_name, severity, tlp, shared, excerpt }: SimilarIncident,
  index: number,
): SourceDraft => ({
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

/**
 * Lists at most one source. It has no text, and gives an answer the TLP label of the session's rounds, because the
 * answer may repeat them. The list is empty if the event's label is as strict or stricter, except for a red label: the
 * answer keeps it even if the event gets another label later.
 */
export function listRoundSources({ event, history }: Pick<ReplyContext, 'event' | 'history'>): Source[] {
  const tlp = findStrictestTlp(history.map(findRoundTlp))
  if (tlp === undefined || (tlp !== 'red' && findStrictestTlp([tlp, event.tlp]) === event.tlp)) return []
  return [{ id: ROUNDS_ID, kind: 'earlier', label: 'earlier turns', text: '', tlp }]
}

/** The carried-over summary takes the number 1, also if there is none. */
const ROUNDS_ID = `${ID_PREFIXES.earlier}2`

const toQuoteSource = (quote: QuotedText): SourceDraft => ({
  kind: 'quote',
  label: toQuoteLabel(quote),
  text: quote.text,
  message_id: quote.message_id,
  ...(quote.tlp && { tlp: quote.tlp }),
})

/** Describes a source that has no id yet. */
type SourceDraft = Omit<Source, 'id'>

/** Numbers the sources by prefix. An empty one takes a number, too, and is left out, so that other ids never change. */
function addIds(drafts: SourceDraft[]): Source[] {
  const counts = new Map<string, number>()
  return drafts
    .map((draft): Source => {
      const prefix = ID_PREFIXES[draft.kind]
      const number = (counts.get(prefix) ?? 0) + 1
      counts.set(prefix, number)
      return { id: `${prefix}${number}`, ...draft }
    })
    .filter(({ text }) => text !== '')
}
