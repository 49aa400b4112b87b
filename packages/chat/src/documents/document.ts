import type { DocumentAccess, DocumentKind, Tlp } from '@engineer-chat/protocol'

/** Holds what a version of a document says. */
export interface DocumentText {
  title: string
  kind: DocumentKind
  language: string
  /** Is the label of the document itself; readers get the stricter one of this and the event's. */
  tlp: Tlp
  content: string
}

/** Names who may read a document. It never changes. */
export interface DocumentScope {
  access: DocumentAccess
  /** Is null for a document of everybody. */
  event_id: string | null
}
