import type { KnowledgeDocument, Tlp, UpdateDocument } from '@engineer-chat/protocol'
import { isStricterTlp } from '../prompting/index.ts'
import { ChatError, describeAct, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getWritableDocument } from './document-access.ts'
import { checkAndSplitContent, checkTitle, type DocumentLimits } from './document-text.ts'
import { chooseStricterTlp } from './effective-tlp.ts'
import { createDocumentLogLine, listDocumentEvent } from './verb-reports.ts'

type Input = UpdateDocument & { document_id: string }

/**
 * Changes a document: title and text, and the other fields that are sent. The previous version is kept. If the request
 * names no label, the document keeps its TLP label, or gets the label of the version that the request restores if this
 * label is stricter. Only callers who manage the event may name a less strict label than that. For a document for
 * everybody, only admins may.
 * @throws ChatError document_not_found, document_read_only, version_conflict, forbidden, validation_failed
 */
export async function updateDocument(
  ctx: DocumentContext & { documentLimits: DocumentLimits },
  caller: Principal,
  { document_id, version, title, kind, language, tlp, restores: restoredVersion, content }: Input,
): Promise<KnowledgeDocument> {
  const { document, rights } = await getWritableDocument(ctx, caller, document_id)
  // The label is compared with that of the current version, so the writer must have read the current version.
  if (document.version !== version) throw new ChatError('version_conflict')
  // A request that restores a version also contains its text. `restoredVersion` is the number of this version.
  const defaultTlp =
    restoredVersion === undefined ? document.own_tlp : await chooseRestoredTlp(ctx, document, restoredVersion)
  if (tlp !== undefined && isStricterTlp(defaultTlp, tlp) && !rights.manage) {
    throw new ChatError('forbidden', 'Only those who manage it may lower the label.')
  }
  return ctx.documents.update(document_id, {
    version,
    title: checkTitle(title),
    kind: kind ?? document.kind,
    language: language ?? document.language,
    tlp: tlp ?? defaultTlp,
    ...checkAndSplitContent(content, ctx.documentLimits),
    updated_by: caller.user_id,
    keptVersions: ctx.documentLimits.keptVersions,
  })
}

/** Chooses the stricter label of the current version and of the version that is restored. */
async function chooseRestoredTlp(
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
