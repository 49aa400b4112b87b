import type { KnowledgeDocument, Tlp, UpdateDocument } from '@engineer-chat/protocol'
import { ChatError, describeAct, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getWritableDocument } from './document-access.ts'
import { checkContent, checkTitle, type DocumentLimits } from './document-text.ts'
import { chooseStricterTlp, isStricterTlp } from './effective-tlp.ts'
import { describeDocument, showDocumentEvent } from './reports.ts'

type Input = UpdateDocument & { document_id: string }

/**
 * Replaces the text of a document and keeps the previous version. Only those who manage the event may lower the label
 * of its document, and only admins the label of a document for everybody. A restored text gets the stricter label of
 * both versions.
 * @throws ChatError document_not_found, document_read_only, version_conflict, forbidden, validation_failed
 */
export async function updateDocument(
  ctx: DocumentContext & { documentLimits: DocumentLimits },
  caller: Principal,
  { document_id, version, title, kind, language, tlp, restores, ...text }: Input,
): Promise<KnowledgeDocument> {
  const { document, rights } = await getWritableDocument(ctx, caller, document_id)
  // The rights below depend on the label of the version that the writer read.
  if (document.version !== version) throw new ChatError('version_conflict')
  const label = restores === undefined ? document.own_tlp : await findRestoredTlp(ctx, document, restores)
  if (tlp !== undefined && isStricterTlp(label, tlp) && !rights.manage) {
    throw new ChatError('forbidden', 'Only those who manage it may lower the label.')
  }
  return ctx.documents.update(document_id, {
    version,
    title: checkTitle(title),
    kind: kind ?? document.kind,
    language: language ?? document.language,
    tlp: tlp ?? label,
    ...checkContent(text, ctx.documentLimits),
    updated_by: caller.user_id,
    keptVersions: ctx.documentLimits.keptVersions,
  })
}

async function findRestoredTlp(ctx: DocumentContext, document: KnowledgeDocument, version: number): Promise<Tlp> {
  const { document_id, own_tlp } = document
  const earlier = version === document.version ? document : await ctx.documents.findVersion(document_id, version)
  if (!earlier) throw new ChatError('document_not_found', 'This version is not kept.')
  return chooseStricterTlp(own_tlp, earlier.own_tlp)
}

updateDocument.report = {
  shownEvents: showDocumentEvent,
  audit: ({ result }) => [describeAct('document_updated', result)],
  log: (call) => describeDocument('updated', call),
} satisfies VerbReport<Input, KnowledgeDocument>
