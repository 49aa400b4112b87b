import {
  DOCUMENT_KINDS,
  type DocumentKind,
  type KnowledgeDocument,
  TLP_LABELS,
  type Tlp,
} from '@engineer-chat/protocol'

/**
 * Holds the fields of the form for a document. If the language or the TLP label of a new document is left empty, the
 * server chooses it.
 */
export interface DocumentDraft {
  title: string
  content: string
  kind: DocumentKind
  language: string
  tlp: Tlp | ''
  /** An empty id means that the document belongs to no event and everybody may read it. */
  event_id: string
  /** Holds the version that the writer is editing; null for a new document. */
  base: Pick<KnowledgeDocument, 'version' | 'own_tlp'> | null
}

/** Holds the unsaved drafts until the page is closed or reloaded. */
const drafts = new Map<string, DocumentDraft>()

/** Returns the key of a new document's draft. The draft of an existing document has the document's id as its key. */
export const toNewDraftKey = (event_id: string): string => `new ${event_id}`

/** Keeps an unsaved draft while the writer looks at another part of the page. */
export const keepDocumentDraft = (key: string, draft: DocumentDraft): void => void drafts.set(key, draft)
export const findDocumentDraft = (key: string): DocumentDraft | undefined => drafts.get(key)
export const removeDocumentDraft = (key: string): void => void drafts.delete(key)

/** Copies the fields of a file's front matter into the draft. Unknown values are ignored. */
export function applyFrontMatter(draft: DocumentDraft, fields: ReadonlyMap<string, string>): DocumentDraft {
  const tlpLabel = fields
    .get('tlp')
    ?.toLowerCase()
    .replace(/^tlp:\s*/, '')
  return {
    ...draft,
    title: fields.get('title') ?? draft.title,
    kind: DOCUMENT_KINDS.find((kind) => kind === fields.get('kind')?.toLowerCase()) ?? draft.kind,
    language: fields.get('language') ?? draft.language,
    tlp: TLP_LABELS.find((tlp) => tlp === tlpLabel) ?? draft.tlp,
  }
}
