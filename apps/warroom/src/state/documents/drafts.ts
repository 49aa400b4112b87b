import {
  DOCUMENT_KINDS,
  type DocumentKind,
  type KnowledgeDocument,
  TLP_LABELS,
  type Tlp,
} from '@engineer-chat/protocol'

/** Holds what a form for a document says. Empty words leave the choice to the server. */
export interface DocumentDraft {
  title: string
  content: string
  kind: DocumentKind
  language: string
  tlp: Tlp | ''
  /** Is empty for a document of everybody. */
  event_id: string
  /** Is the version on which the text was written, and null for a new document. */
  base: Pick<KnowledgeDocument, 'version' | 'own_tlp'> | null
}

const drafts = new Map<string, DocumentDraft>()

/** Keeps a text that is not saved while the reader looks elsewhere on the page. */
export const keepDraft = (key: string, draft: DocumentDraft): void => void drafts.set(key, draft)
export const findDraft = (key: string): DocumentDraft | undefined => drafts.get(key)
export const dropDraft = (key: string): void => void drafts.delete(key)

/** Takes over what a file says about itself. Words that nobody knows are left out. */
export function applyFields(draft: DocumentDraft, fields: ReadonlyMap<string, string>): DocumentDraft {
  const label = fields
    .get('tlp')
    ?.toLowerCase()
    .replace(/^tlp:\s*/, '')
  return {
    ...draft,
    title: fields.get('title') ?? draft.title,
    kind: DOCUMENT_KINDS.find((kind) => kind === fields.get('kind')?.toLowerCase()) ?? draft.kind,
    language: fields.get('language') ?? draft.language,
    tlp: TLP_LABELS.find((tlp) => tlp === label) ?? draft.tlp,
  }
}
