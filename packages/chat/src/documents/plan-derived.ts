import type { DocumentScope, DocumentText } from './document.ts'
import type { DocumentPiece } from './split-document.ts'

/** Describes a document that no person wrote: a file of the folder, or a document made from a closed event. */
export interface DerivedDocument extends DocumentText, DocumentScope {
  /** Names where the text comes from. There is one document of each origin. */
  origin: string
  /** Holds the path within the folder, or null. */
  path: string | null
  pieces: DocumentPiece[]
}

export type DerivedOutcome = 'created' | 'replaced' | 'unchanged'

/** Describes the stored document of the same origin. */
export interface StoredDerived extends DocumentText {
  updated_by: string | null
  is_removed: boolean
}

/**
 * Decides whether a derived document is stored. The document of a file always follows the folder. The document of a
 * closed event is no longer replaced after a person has changed or removed it.
 */
export function planDerived(stored: StoredDerived | undefined, next: DerivedDocument): DerivedOutcome {
  if (!stored) return 'created'
  if (next.path === null && (stored.is_removed || stored.updated_by !== null)) return 'unchanged'
  const isSame = !stored.is_removed && TEXT_FIELDS.every((field) => stored[field] === next[field])
  return isSame ? 'unchanged' : 'replaced'
}

const TEXT_FIELDS = ['title', 'kind', 'language', 'tlp', 'content'] as const satisfies Array<keyof DocumentText>
