import type { KnowledgeDocument, ReadDocumentQuery } from '@engineer-chat/protocol'
import { ChatError, type Principal, type VerbReport } from '../shared/index.ts'
import { type DocumentContext, getReadableDocument } from './document-access.ts'
import { listDocumentEvent } from './verb-reports.ts'

type Input = ReadDocumentQuery & { document_id: string }

/** Reads a document as it is, or as it was in an earlier version. @throws ChatError document_not_found, forbidden */
export async function readDocument(
  ctx: DocumentContext,
  caller: Principal,
  { document_id, version }: Input,
): Promise<KnowledgeDocument> {
  const { document } = await getReadableDocument(ctx, caller, document_id)
  if (version === undefined || version === document.version) return document
  const earlier = await ctx.documents.findVersion(document_id, version)
  if (!earlier) throw new ChatError('document_not_found', 'This version is not kept.')
  return earlier
}

readDocument.report = { listShownEvents: listDocumentEvent } satisfies VerbReport<Input, KnowledgeDocument>
