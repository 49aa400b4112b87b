import { getEffectiveTlp } from '@engineer-chat/chat/documents'
import type { KnowledgeDocument, ListedDocument, Tlp } from '@engineer-chat/protocol'
import { documents, events } from '../schema/index.ts'

/** Lists the columns that a list of documents shows. The query joins `events`, because a document may have an event. */
export const LISTED_COLUMNS = {
  document_id: documents.document_id,
  title: documents.title,
  kind: documents.kind,
  language: documents.language,
  access: documents.access,
  event_id: documents.event_id,
  tlp: documents.tlp,
  event_tlp: events.tlp,
  path: documents.path,
  version: documents.version,
  updated_by: documents.updated_by,
  created_at: documents.created_at,
  updated_at: documents.updated_at,
}

export const DOCUMENT_COLUMNS = { ...LISTED_COLUMNS, content: documents.content }

type StoredRow<T extends ListedDocument> = Omit<T, 'event_id' | 'path'> & {
  event_id: string | null
  path: string | null
  event_tlp: Tlp | null
}

export const toDocument = (row: StoredRow<Omit<KnowledgeDocument, 'own_tlp'>>): KnowledgeDocument => ({
  ...toListed(row),
  own_tlp: row.tlp,
  content: row.content,
})

/** Leaves out the event's id, and the path within the folder of runbooks, if the document has none. */
export const toListed = ({
  event_id,
  path,
  event_tlp,
  tlp,
  document_id,
  title,
  kind,
  language,
  access,
  version,
  updated_by,
  created_at,
  updated_at,
}: StoredRow<ListedDocument>): ListedDocument => ({
  document_id,
  title,
  kind,
  language,
  access,
  ...(event_id !== null && { event_id }),
  tlp: getEffectiveTlp(tlp, event_tlp),
  ...(path !== null && { path }),
  version,
  updated_by,
  created_at,
  updated_at,
})
