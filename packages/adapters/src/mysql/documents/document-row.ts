import { getEffectiveTlp } from '@engineer-chat/chat/documents'
import type { KnowledgeDocument, ListedDocument, Tlp } from '@engineer-chat/protocol'
import { documents, events } from '../schema/index.ts'

/** Selects what a list shows, from `documents` with its event if it has one. */
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

/** Leaves out the event or the path in the folder if the document has none. */
export const toDocument = (row: StoredRow<Omit<KnowledgeDocument, 'own_tlp'>>): KnowledgeDocument => ({
  ...toListed(row),
  own_tlp: row.tlp,
  content: row.content,
})

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
