import type { Event, EventSummary } from '@engineer-chat/protocol'
import { parseCommand, removeCitations } from '../prompting/index.ts'
import { ChatError, detectLanguage, type Log } from '../shared/index.ts'
import type { ClosedEvent, ClosingStore } from './closing-store.ts'
import type { DocumentStore } from './document-store.ts'
import { checkContent, type DocumentLimits } from './document-text.ts'
import type { DerivedDocument } from './plan-derived.ts'

interface ClosedEventsContext {
  closings: ClosingStore
  documents: DocumentStore
  documentLimits: DocumentLimits
  log: Log
}

/** Looks for the last handover in at most this many rounds of shared sessions, the newest first. */
const MAX_ROUNDS = 100
const MAX_TITLE_UNITS = 255

/**
 * Makes documents from closed events: one from the latest summary, and one from the last handover in a shared session.
 * A handover in a private session stays private. A second run changes nothing. Resolves to true if more events may
 * remain. Only one worker at a time does this, because a slow worker would overwrite newer texts of another worker with
 * older ones.
 */
export async function documentClosedEvents(ctx: ClosedEventsContext, limit: number): Promise<boolean> {
  const closed = await ctx.closings.listClosed(limit)
  if (closed.length === 0) return false
  const hasRun = await ctx.documents.runAlone('closings', async () => {
    for (const event of closed) {
      const found = await ctx.closings.find(event.event_id, MAX_ROUNDS)
      for (const document of found ? listDrafts(found) : []) await store(ctx, document)
      await ctx.closings.markDone(event)
    }
  })
  return hasRun && closed.length === limit
}

type Draft = Omit<DerivedDocument, 'pieces'>

function listDrafts({ event, summary, turns: rounds }: ClosedEvent): Draft[] {
  // The newest rounds come first, so this is the last handover that was not cancelled.
  const handover = rounds.find(({ question, answer }) => isHandover(question) && answer.finish_reason !== 'cancelled')
  return [
    ...(summary ? [toDraft(event, 'note', SUMMARY_TITLES, toSummaryText(summary))] : []),
    ...(handover
      ? [
          toDraft(
            event,
            'handover',
            HANDOVER_TITLES,
            removeCitations(handover.answer.content, handover.answer.citations),
          ),
        ]
      : []),
  ]
}

const isHandover = (question: string): boolean => parseCommand(question)?.command === 'handover'

const SUMMARY_TITLES = { en: 'Summary: ', zh: '总结：' }
const HANDOVER_TITLES = { en: 'Handover: ', zh: '交接：' }

function toDraft(
  { event_id, event_name, tlp }: Event,
  kind: 'note' | 'handover',
  titles: Record<'en' | 'zh', string>,
  content: string,
): Draft {
  const language = detectLanguage(content)
  const title = `${titles[language]}${event_name}`.slice(0, MAX_TITLE_UNITS).toWellFormed()
  return {
    origin: `${kind} ${event_id}`,
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

/** Skips a text that is over a limit, so that it does not block the other events. */
async function store({ documents, documentLimits, log }: ClosedEventsContext, draft: Draft): Promise<void> {
  const { event_id } = draft
  try {
    const outcome = await documents.putDerived(
      { ...draft, ...checkContent(draft, documentLimits) },
      documentLimits.keptVersions,
    )
    if (outcome !== 'unchanged') log.info('EngineerChat.closing_document_stored', { event_id, outcome })
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'validation_failed') throw error
    log.warn('EngineerChat.closing_document_refused', { event_id, reason: error.extras.errors?.[0]?.message })
  }
}
