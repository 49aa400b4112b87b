import type { DocumentReaders, DocumentText } from './document.ts'
import type { DocumentPiece } from './split-document.ts'

/**
 * Describes a document that no person creates: a file of the folder of runbooks, a text of a closed event, or a runbook
 * of the demo.
 */
export interface ImportedDocument extends DocumentText, DocumentReaders {
  /** Identifies the document in later imports, such as `file mysql/restart.md`. */
  import_key: string
  /** Holds the path of the file within the folder of runbooks. It is null for a document that is no file. */
  path: string | null
  pieces: DocumentPiece[]
}

export type ImportOutcome = 'created' | 'replaced' | 'unchanged'

/** Describes the stored document that has the same import key as an imported one. */
export interface StoredImport extends DocumentText {
  /** Is null if no person has changed the document. */
  updated_by: string | null
  is_removed: boolean
}

/**
 * Decides whether an imported document is stored. The document of a file always gets the text of the file. A document
 * that is no file is not replaced after a person has changed or removed it.
 */
export function planImport(stored: StoredImport | undefined, next: ImportedDocument): ImportOutcome {
  if (!stored) return 'created'
  if (next.path === null && (stored.is_removed || stored.updated_by !== null)) return 'unchanged'
  const isUnchanged = !stored.is_removed && TEXT_FIELDS.every((field) => stored[field] === next[field])
  return isUnchanged ? 'unchanged' : 'replaced'
}

const TEXT_FIELDS = ['title', 'kind', 'language', 'tlp', 'content'] as const satisfies Array<keyof DocumentText>
