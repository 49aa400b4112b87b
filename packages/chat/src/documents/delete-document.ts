import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { describeAct, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getWritableDocument } from './document-access.ts'
import { createDocumentLogLine } from './verb-reports.ts'

interface Input {
  document_id: string
}

/**
 * Hides a document from everybody. Its text and its versions stay stored until retention removes them. Retention
 * removes no document of an event that is under a legal hold. The returned document is for the report only: a caller
 * does not see it.
 * @throws ChatError document_not_found, document_read_only, forbidden
 */
export async function deleteDocument(
  ctx: DocumentContext,
  caller: Principal,
  { document_id }: Input,
): Promise<KnowledgeDocument> {
  const { document } = await getWritableDocument(ctx, caller, document_id)
  await ctx.documents.remove(document_id)
  return document
}

deleteDocument.report = {
  listShownEvents: listNoEvent,
  audit: ({ result }) => [describeAct('document_deleted', result)],
  log: (call) => createDocumentLogLine('deleted', call),
} satisfies VerbReport<Input, KnowledgeDocument>
