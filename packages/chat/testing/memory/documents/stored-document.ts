import type { DocumentReaders, DocumentText } from '../../../src/documents/document.ts'
import type { DocumentPiece } from '../../../src/documents/split-document.ts'

interface StoredVersion extends DocumentText {
  version: number
  updated_by: string | null
  updated_at: string
}

export interface StoredDocument extends StoredVersion, DocumentReaders {
  document_id: string
  import_key: string | null
  path: string | null
  created_at: string
  removed_at: string | null
  pieces: DocumentPiece[]
  /** Earlier versions are sorted with the oldest first. */
  versions: Array<StoredVersion & { replaced_at: string }>
}
