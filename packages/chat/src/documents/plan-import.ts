import type { DocumentReaders, DocumentText } from './document.ts'
import type { DocumentPiece } from './split-document.ts'

/**
 * Describes a document that the program stores, not a person: a file of the folder of runbooks, a text of a closed
 * event, or a runbook of the demo.
 */
export interface ImportedDocument extends DocumentText, DocumentReaders {
  /** Is the same in each import of the document, such as `file mysql/restart.md`. */
  import_key: string
  /** Holds the path of the file within the folder of runbooks. It is null if the document is not such a file. */
  path: string | null
  pieces: DocumentPiece[]
}

export type ImportOutcome = 'created' | 'replaced' | 'unchanged'

/** Describes the stored document whose import key is that of an `ImportedDocument`. */
export interface StoredImport extends DocumentText {
  /** Holds the id of the person who changed the document last. It is null if no person has changed it. */
  updated_by: string | null
  is_removed: boolean
}

/**
 * Decides whether an import creates a document, replaces the stored one or leaves it unchanged. A document that was
 * removed comes back when it is replaced. The document of a file always gets the text of the file. Any other document
 * is left unchanged after a person has changed or removed it.
 */
export function planImport(stored: StoredImport | undefined, imported: ImportedDocument): ImportOutcome {
  if (!stored) return 'created'
  if (imported.path === null && (stored.is_removed || stored.updated_by !== null)) return 'unchanged'
  const isSame = !stored.is_removed && TEXT_FIELDS.every((field) => stored[field] === imported[field])
  return isSame ? 'unchanged' : 'replaced'
}

const TEXT_FIELDS = ['title', 'kind', 'language', 'tlp', 'content'] as const satisfies Array<keyof DocumentText>
