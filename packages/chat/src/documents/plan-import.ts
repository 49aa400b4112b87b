import type { DocumentReaders, DocumentText } from './document.ts'
import type { DocumentPiece } from './split-document.ts'

/** Describes a document that is a file in the folder of runbooks, or that the product makes from a closed event. */
export interface ImportedDocument extends DocumentText, DocumentReaders {
  /** Says where the text comes from, such as `file mysql/restart.md`. Each origin has only one document. */
  origin: string
  /** Holds the path of the file within the folder of runbooks. It is null for a document made from a closed event. */
  path: string | null
  pieces: DocumentPiece[]
}

export type ImportOutcome = 'created' | 'replaced' | 'unchanged'

/** Describes the stored document that has the same origin as an imported one. */
export interface StoredImport extends DocumentText {
  /** Is null if no person has changed the document. */
  updated_by: string | null
  is_removed: boolean
}

/**
 * Decides whether an imported document is stored. The document of a file always gets the text of the file. The document
 * of a closed event is not replaced after a person has changed or removed it.
 */
export function planImport(stored: StoredImport | undefined, next: ImportedDocument): ImportOutcome {
  if (!stored) return 'created'
  if (next.path === null && (stored.is_removed || stored.updated_by !== null)) return 'unchanged'
  const isUnchanged = !stored.is_removed && TEXT_FIELDS.every((field) => stored[field] === next[field])
  return isUnchanged ? 'unchanged' : 'replaced'
}

const TEXT_FIELDS = ['title', 'kind', 'language', 'tlp', 'content'] as const satisfies Array<keyof DocumentText>
