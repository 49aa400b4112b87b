import type { CursorQuery, DocumentVersion, KnowledgeDocument } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, getReadableDocument } from './document-access.ts'
import { listDocumentEvent } from './verb-reports.ts'

type Input = CursorQuery & { document_id: string }
type Result = Items<DocumentVersion> & Pick<KnowledgeDocument, 'event_id'>

/** Lists the kept versions of a document, the newest first. @throws ChatError document_not_found, forbidden */
export async function listDocumentVersions(
  ctx: DocumentContext,
  caller: Principal,
  { document_id, cursor, limit = 50 }: Input,
): Promise<Result> {
  const { document } = await getReadableDocument(ctx, caller, document_id)
  const page = await ctx.documents.listVersions(document_id, cursor === undefined ? { limit } : { cursor, limit })
  return { ...page, ...(document.event_id !== undefined && { event_id: document.event_id }) }
}

listDocumentVersions.report = { listShownEvents: listDocumentEvent } satisfies VerbReport<Input, Result>
