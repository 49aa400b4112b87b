import type { DocumentAccess, DocumentKind, Tlp } from '@engineer-chat/protocol'

/** Holds what a version of a document says. */
export interface DocumentText {
  title: string
  kind: DocumentKind
  language: string
  /** Holds the document's own label. Readers get this or the event's label, whichever is stricter. */
  tlp: Tlp
  content: string
}

/** Names who may read a document. Neither field of a stored document changes. */
export interface DocumentReaders {
  access: DocumentAccess
  /** Null means a document for everybody. */
  event_id: string | null
}
