import type { DocumentsQuery, ListedDocument } from '@engineer-chat/protocol'
import type { Items, Principal, VerbReport } from '../shared/index.ts'
import { type DocumentContext, requireDocumentRights } from './document-access.ts'
import { listDocumentEvents } from './verb-reports.ts'

/**
 * Lists documents without their texts. The document with the latest change comes first. If the query names an event,
 * the list has only the documents of this event. Otherwise it has the documents for everybody and the documents of all
 * events that the caller may enter.
 * @throws ChatError event_not_found, forbidden
 */
export async function listDocuments(
  ctx: DocumentContext,
  caller: Principal,
  { limit = 50, ...query }: DocumentsQuery,
): Promise<Items<ListedDocument>> {
  await requireDocumentRights(ctx, caller, query.event_id)
  return ctx.documents.list(caller, { ...query, limit })
}

listDocuments.report = { listShownEvents: listDocumentEvents } satisfies VerbReport<
  DocumentsQuery,
  Items<ListedDocument>
>
