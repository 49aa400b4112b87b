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
import { findRoundTlp, findStrictestTlp, isStricterTlp } from './answer-tlp.ts'

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
   * If people wrote the label, the prompt contains this fixed text instead, because labels are not searched for
   * secrets.
   */
  promptLabel?: string
  message_id?: string
  document_id?: string
  /** Names the event that an `incident` source describes. */
  event_id?: string
  /** Holds the anchor of the heading above a document's piece. */
  anchor?: string
  /**
   * Holds the TLP label of a document or of another event. If the source is an answer or quotes one, holds the
   * strictest label of that answer's sources. A source without `tlp` has the TLP label of the question's event.
   */
  tlp?: Tlp
  /** Says how well a message, a piece of a document or another event fits the question: 1 fits best. */
  rank?: number
}

/**
 * Maps each kind to the letters with which its ids begin. Engineers write other terms in brackets, such as `[C2]` and
 * `[M365]`. None of these terms begins with the letters of an id.
 */
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
 * Lists the sources in the prompt's order. The quote of the question comes last. For the same context, each source
 * always has the same id, even if a prompt has no space for some of the sources.
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
  const eventText = [
    `name: ${event.event_name}`,
    `severity: ${event.severity}`,
    `status: ${event.event_status}`,
    `source: ${event.source}`,
    `created_at: ${event.created_at}`,
  ].join('\n')
  return addIds([
    { kind: 'event', label: 'event', text: eventText },
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

/**
 * Lists the room's summaries, the latest one last. If none were read from the room, lists the event's summary. For a
 * catch-up with a read position, lists only the summaries after this position, so the list may be empty.
 */
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

/**
 * The text begins with the document's title and the headings, so that the piece is understood without the rest of the
 * document. The rank follows from `index`, because the pieces are sorted with the best first.
 */
const toDocumentSource = (
  { document_id, title, headings, anchor, tlp, text }: SourcePiece,
  index: number,
): SourceDraft => {
  const titleAndHeadings = [title, ...headings.filter((heading) => heading !== title)].join(' › ')
  return {
    kind: 'document',
    label: markDeceptive(titleAndHeadings),
    promptLabel: 'document',
    text: `${titleAndHeadings}\n\n${text.trim()}`,
    document_id,
    anchor,
    tlp,
    rank: index + 1,
  }
}

/** The text says what both events have in common. The rank follows from `index`: the most similar event is first. */
const toIncidentSource = (
  { event_id, event_name, severity, tlp, sharedValues, excerpt }: SimilarIncident,
  index: number,
): SourceDraft => ({
  kind: 'incident',
  label: markDeceptive(event_name),
  promptLabel: 'another incident',
  text: [
    `name: ${event_name}`,
    `severity: ${severity}`,
    ...(sharedValues.length === 0 ? [] : [`in both incidents: ${sharedValues.join(', ')}`]),
    '',
    excerpt,
  ].join('\n'),
  event_id,
  tlp,
  rank: index + 1,
})

/**
 * Lists at most one source, which stands for the earlier rounds of the session. This source has no text, only the
 * strictest TLP label of the rounds. The answer gets that label too, because it may repeat what the rounds say. The
 * list is empty if no round has a label, or if the event's own label is at least as strict. But a red label is always
 * listed, so that the answer keeps it if the event gets another label later.
 */
export function listRoundSources({ event, history }: Pick<ReplyContext, 'event' | 'history'>): Source[] {
  const tlp = findStrictestTlp(history.map(findRoundTlp))
  if (tlp === undefined || (tlp !== 'red' && !isStricterTlp(tlp, event.tlp))) return []
  return [{ id: ROUNDS_SOURCE_ID, kind: 'earlier', label: 'earlier turns', text: '', tlp }]
}

/** The number 1 belongs to the carry-over, even if the session has no carry-over. */
const ROUNDS_SOURCE_ID = `${ID_PREFIXES.earlier}2`

const toQuoteSource = (quote: QuotedText): SourceDraft => ({
  kind: 'quote',
  label: toQuoteLabel(quote),
  text: quote.text,
  message_id: quote.message_id,
  ...(quote.tlp && { tlp: quote.tlp }),
})

/** Describes a source that has no id yet. */
type SourceDraft = Omit<Source, 'id'>

/**
 * Gives the sources ids, with their own numbers for each prefix. A source with an empty text is left out, but takes a
 * number too, so that the ids of the others never change.
 */
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
