import type { ListedDocument } from '@engineer-chat/protocol'
import type { LogLine, Principal } from '../shared/index.ts'

type DocumentRef = Pick<ListedDocument, 'document_id' | 'event_id' | 'version'>

/** Returns the event of a document for `VerbReport.listShownEvents`. A document for everybody has no event. */
export const listDocumentEvent = ({ result }: { result: Pick<DocumentRef, 'event_id'> }): readonly string[] =>
  result.event_id === undefined ? [] : [result.event_id]

export const listDocumentEvents = ({ result }: { result: { items: Array<Pick<DocumentRef, 'event_id'>> } }): string[] =>
  result.items.flatMap(({ event_id }) => event_id ?? [])

export const createDocumentLogLine = (
  act: 'created' | 'updated' | 'deleted',
  { caller: { user_id }, result: { document_id, event_id, version } }: { caller: Principal; result: DocumentRef },
): LogLine => ({
  event: `EngineerChat.document_${act}`,
  fields: { user_id, document_id, event_id, version },
})
