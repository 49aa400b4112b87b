import type { Event, EventSummary } from '@engineer-chat/protocol'
import { findAnswerTlp, parseCommand, removeCitations } from '../prompting/index.ts'
import { ChatError, detectLanguage, type Log } from '../shared/index.ts'
import type { ClosedEvent, ClosedEventStore } from './closed-event-store.ts'
import type { DocumentStore } from './document-store.ts'
import { checkAndSplitContent, type DocumentLimits } from './document-text.ts'
import { chooseStricterTlp } from './effective-tlp.ts'
import type { ImportedDocument } from './plan-import.ts'

interface ClosedEventsContext {
  closedEvents: ClosedEventStore
  documents: DocumentStore
  documentLimits: DocumentLimits
  log: Log
}

/** Only this many of the newest rounds of shared sessions are searched for the last handover. */
const MAX_SEARCHED_ROUNDS = 100
const MAX_TITLE_CODE_UNITS = 255

/**
 * Makes documents from at most `limit` closed events: for each event, one from its latest summary and one from its last
 * handover in a shared session. Only one worker at a time does this, because a slow worker could otherwise overwrite
 * another worker's newer texts with older ones. Resolves to true if more events may remain. Resolves to false if none
 * remains, or if another worker is doing this now.
 */
export async function storeClosedEventDocuments(ctx: ClosedEventsContext, limit: number): Promise<boolean> {
  // Each `seq` is the room's sequence number at the time of this list. If the room changes later, a later call lists
  // the event again.
  const pending = await ctx.closedEvents.listPending(limit)
  if (pending.length === 0) return false
  const hasRun = await ctx.documents.runAlone('closings', async () => {
    for (const { event_id, seq } of pending) {
      const closedEvent = await ctx.closedEvents.find(event_id, MAX_SEARCHED_ROUNDS)
      // The event may have been removed since `listPending`.
      const uncheckedDocuments = closedEvent ? createUncheckedDocuments(closedEvent) : []
      for (const document of uncheckedDocuments) await storeDocument(ctx, document)
      await ctx.closedEvents.markDone({ event_id, seq })
    }
  })
  return hasRun && pending.length === limit
}

/** Describes a document whose text is not yet checked and split. */
type UncheckedDocument = Omit<ImportedDocument, 'pieces'>

function createUncheckedDocuments({ event, summary, rounds }: ClosedEvent): UncheckedDocument[] {
  const documents: UncheckedDocument[] = []
  if (summary) documents.push(createUncheckedDocument(event, 'note', SUMMARY_TITLES, toSummaryText(summary)))
  // The newest rounds come first, so this is the round of the last handover that was not cancelled.
  const handoverRound = rounds.find(
    ({ question, answer }) => isHandover(question) && answer.finish_reason !== 'cancelled',
  )
  if (handoverRound) {
    const { content, citations } = handoverRound.answer
    const document = createUncheckedDocument(event, 'handover', HANDOVER_TITLES, removeCitations(content, citations))
    const { tlp: answerTlp } = findAnswerTlp(handoverRound.answer)
    documents.push(answerTlp ? { ...document, tlp: chooseStricterTlp(event.tlp, answerTlp) } : document)
  }
  return documents
}

const isHandover = (question: string): boolean => parseCommand(question)?.command === 'handover'

const SUMMARY_TITLES = { en: 'Summary: ', zh: '总结：' }
const HANDOVER_TITLES = { en: 'Handover: ', zh: '交接：' }

function createUncheckedDocument(
  { event_id, event_name, tlp }: Event,
  kind: 'note' | 'handover',
  titles: Record<'en' | 'zh', string>,
  content: string,
): UncheckedDocument {
  const language = detectLanguage(content)
  const title = `${titles[language]}${event_name}`.slice(0, MAX_TITLE_CODE_UNITS).toWellFormed()
  return {
    import_key: `${kind} ${event_id}`,
    path: null,
    access: 'event',
    event_id,
    title,
    kind,
    language,
    tlp,
    content,
  }
}

function toSummaryText({ event_summary, event_suggestion }: EventSummary): string {
  const suggestion = event_suggestion.trim()
  return suggestion === '' ? event_summary : `${event_summary.trim()}\n\n${suggestion}\n`
}

/** Stores a document. A text that is refused is logged and skipped, so that it does not block the other events. */
async function storeDocument(
  { documents, documentLimits, log }: ClosedEventsContext,
  document: UncheckedDocument,
): Promise<void> {
  const { event_id } = document
  try {
    const outcome = await documents.importDocument(
      { ...document, ...checkAndSplitContent(document.content, documentLimits) },
      documentLimits.keptVersions,
    )
    if (outcome !== 'unchanged') log.info('EngineerChat.closing_document_stored', { event_id, outcome })
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'validation_failed') throw error
    log.warn('EngineerChat.closing_document_refused', { event_id, reason: error.extras.errors?.[0]?.message })
  }
}
