import type { KnowledgeDocument, UpdateDocument } from '@engineer-chat/protocol'
import { ChatError, describeAct, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getWritableDocument } from './document-access.ts'
import { checkContent, checkTitle, type DocumentLimits } from './document-text.ts'
import { isStricterTlp } from './effective-tlp.ts'
import { describeDocument, showDocumentEvent } from './reports.ts'

type Input = UpdateDocument & { document_id: string }

/**
 * Replaces the text of a document and keeps the one before it. Only those who manage the event may lower the label of
 * a document, and only admins that of everybody's.
 * @throws ChatError document_not_found, document_read_only, version_conflict, forbidden, validation_failed
 */
export async function updateDocument(
  ctx: DocumentContext & { documentLimits: DocumentLimits },
  caller: Principal,
  { document_id, version, title, kind, language, tlp, ...text }: Input,
): Promise<KnowledgeDocument> {
  const { document, rights } = await getWritableDocument(ctx, caller, document_id)
  if (tlp !== undefined && isStricterTlp(document.tlp, tlp) && !rights.manage) {
    throw new ChatError('forbidden', 'Only those who manage it may lower the label.')
  }
  return ctx.documents.update(document_id, {
    version,
    title: checkTitle(title),
    kind: kind ?? document.kind,
    language: language ?? document.language,
    tlp: tlp ?? document.tlp,
    ...checkContent(text, ctx.documentLimits),
    updated_by: caller.user_id,
    keptVersions: ctx.documentLimits.keptVersions,
  })
}

updateDocument.report = {
  shownEvents: showDocumentEvent,
  audit: ({ result }) => [describeAct('document_updated', result)],
  log: (call) => describeDocument('updated', call),
} satisfies VerbReport<Input, KnowledgeDocument>
