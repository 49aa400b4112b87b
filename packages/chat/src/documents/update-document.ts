import type { KnowledgeDocument, Tlp, UpdateDocument } from '@engineer-chat/protocol'
import { ChatError, describeAct, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getWritableDocument } from './document-access.ts'
import { checkAndSplitContent, checkTitle, type DocumentLimits } from './document-text.ts'
import { chooseStricterTlp, isStricterTlp } from './effective-tlp.ts'
import { createDocumentLogLine, listDocumentEvent } from './verb-reports.ts'

type Input = UpdateDocument & { document_id: string }

/**
 * Replaces the text of a document and keeps the previous version. Only callers who manage the event may lower the TLP
 * label of its document; only admins may lower the label of a document for everybody. If the request names no label, a
 * restored version gets its own label or the label of the current version, whichever is stricter.
 * @throws ChatError document_not_found, document_read_only, version_conflict, forbidden, validation_failed
 */
export async function updateDocument(
  ctx: DocumentContext & { documentLimits: DocumentLimits },
  caller: Principal,
  { document_id, version, title, kind, language, tlp, restores, content }: Input,
): Promise<KnowledgeDocument> {
  const { document, rights } = await getWritableDocument(ctx, caller, document_id)
  // The check of the label below uses the current version, so it must be the version that the writer read.
  if (document.version !== version) throw new ChatError('version_conflict')
  // `restores` is the version whose text the request contains.
  const keptTlp = restores === undefined ? document.own_tlp : await findRestoredTlp(ctx, document, restores)
  if (tlp !== undefined && isStricterTlp(keptTlp, tlp) && !rights.manage) {
    throw new ChatError('forbidden', 'Only those who manage it may lower the label.')
  }
  return ctx.documents.update(document_id, {
    version,
    title: checkTitle(title),
    kind: kind ?? document.kind,
    language: language ?? document.language,
    tlp: tlp ?? keptTlp,
    ...checkAndSplitContent(content, ctx.documentLimits),
    updated_by: caller.user_id,
    keptVersions: ctx.documentLimits.keptVersions,
  })
}

async function findRestoredTlp(
  ctx: DocumentContext,
  document: KnowledgeDocument,
  restoredVersion: number,
): Promise<Tlp> {
  const { document_id, own_tlp, version } = document
  const restored =
    restoredVersion === version ? document : await ctx.documents.findVersion(document_id, restoredVersion)
  if (!restored) throw new ChatError('document_not_found', 'This version is not kept.')
  return chooseStricterTlp(own_tlp, restored.own_tlp)
}

updateDocument.report = {
  listShownEvents: listDocumentEvent,
  audit: ({ result }) => [describeAct('document_updated', result)],
  log: (call) => createDocumentLogLine('updated', call),
} satisfies VerbReport<Input, KnowledgeDocument>
