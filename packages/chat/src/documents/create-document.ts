import type { CreateDocument, KnowledgeDocument } from '@engineer-chat/protocol'
import type { EventStore } from '../events/index.ts'
import { createId, describeAct, type Principal, throwInvalid, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireDocumentRights, requireWriteRight } from './document-access.ts'
import { checkAndSplitContent, checkTitle, chooseLanguage, type DocumentLimits } from './document-text.ts'
import { createDocumentLogLine, listDocumentEvent } from './verb-reports.ts'

interface CreateContext extends DocumentContext {
  events: EventStore
  documentLimits: DocumentLimits
}

/**
 * Stores a document for everybody, or for an event. If the caller gives no label, the document gets the event's label,
 * or amber if it is for everybody.
 * @throws ChatError event_not_found, forbidden, validation_failed
 */
export async function createDocument(
  ctx: CreateContext,
  caller: Principal,
  { title, kind, language, access, event_id, tlp, content: source }: CreateDocument,
): Promise<KnowledgeDocument> {
  if (access === 'event' && event_id === undefined) throwInvalid('/event_id', 'must name the event')
  if (access === 'everybody' && event_id !== undefined) throwInvalid('/event_id', 'belongs to the access `event`')
  requireWriteRight(await requireDocumentRights(ctx, caller, event_id))
  const { content, pieces } = checkAndSplitContent(source, ctx.documentLimits)
  return ctx.documents.create({
    document_id: createId(),
    title: checkTitle(title),
    kind,
    language: chooseLanguage(language, content),
    access,
    event_id: event_id ?? null,
    tlp: tlp ?? (await findEventTlp(ctx, event_id)) ?? 'amber',
    content,
    pieces,
    updated_by: caller.user_id,
  })
}

const findEventTlp = async (ctx: CreateContext, event_id: string | undefined) =>
  event_id === undefined ? undefined : (await ctx.events.find(event_id))?.tlp

createDocument.report = {
  listShownEvents: listDocumentEvent,
  audit: ({ result }) => [describeAct('document_created', result)],
  log: (call) => createDocumentLogLine('created', call),
} satisfies VerbReport<CreateDocument, KnowledgeDocument>
