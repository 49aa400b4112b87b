import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { readDocument, updateDocument } from '../../state/documents/documents.ts'
import { type DocumentDraft, dropDraft, findDraft, keepDraft } from '../../state/documents/drafts.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { DocumentForm } from './document-form.tsx'
import { DocumentText } from './document-text.tsx'

const toDraft = (document: KnowledgeDocument): DocumentDraft => {
  const { title, content, kind, language, own_tlp, event_id = '' } = document
  return { title, content, kind, language, tlp: own_tlp, event_id, base: document }
}

/**
 * Edits a document. If somebody else has saved meanwhile, the writer sees their text first, and may then save over it:
 * both texts stay as versions. A draft that was left meanwhile still names the version on which it was written.
 */
export function EditDocument({ document: read, onEnd }: { document: KnowledgeDocument; onEnd(): void }): ReactNode {
  const t = useDocumentMessages()
  const { document_id } = read
  const [draft, setDraft] = useState(() => findDraft(document_id) ?? toDraft(read))
  const [theirs, setTheirs] = useState<KnowledgeDocument | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [errorKind, setErrorKind] = useState<ErrorKind | null>(null)
  const base = draft.base ?? read
  const change = (next: DocumentDraft) => {
    keepDraft(document_id, next)
    setDraft(next)
  }
  const end = () => {
    dropDraft(document_id)
    onEnd()
  }
  const save = () => {
    setIsBusy(true)
    const { title, content, kind, language, tlp } = draft
    const label = tlp !== '' && tlp !== base.own_tlp && { tlp }
    updateDocument(document_id, { title, content, kind, language, ...label, version: base.version })
      .then(() => {
        showToast(t.saved, 'good')
        end()
      })
      .catch((error: unknown) => setErrorKind(toErrorKind(error)))
      .finally(() => setIsBusy(false))
  }
  const takeTheirs = (other: KnowledgeDocument) => {
    const { own_tlp } = other
    change({ ...draft, base: other, tlp: draft.tlp === base.own_tlp ? own_tlp : draft.tlp })
    setTheirs(other)
    setErrorKind(null)
  }
  return (
    <>
      <h2>{t.edit}</h2>
      <DocumentForm
        draft={draft}
        onChange={change}
        onSave={save}
        onCancel={end}
        isBusy={isBusy}
        saveLabel={theirs ? t.save_over : t.save}
        isNew={false}
        problem={
          <>
            <Problem errorKind={errorKind} document_id={document_id} onTheirs={takeTheirs} />
            {theirs && <Theirs document={theirs} />}
          </>
        }
      />
    </>
  )
}

interface ProblemProps {
  errorKind: ErrorKind | null
  document_id: string
  onTheirs(document: KnowledgeDocument): void
}

function Problem({ errorKind, document_id, onTheirs }: ProblemProps): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  if (!errorKind) return null
  const { cause, nextStep } = messages.errorText[errorKind]
  if (errorKind !== 'version_conflict') return <p className="error-text" role="alert">{`${cause} ${nextStep}`}</p>
  const showTheirs = () =>
    readDocument(document_id).then(onTheirs, (error: unknown) =>
      showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return (
    <p className="error-text" role="alert">
      {t.conflict}{' '}
      <button type="button" onClick={() => void showTheirs()}>
        {t.show_theirs}
      </button>
    </p>
  )
}

function Theirs({ document: { version, content, language } }: { document: KnowledgeDocument }): ReactNode {
  const t = useDocumentMessages()
  return (
    <section className="document-preview" aria-label={t.theirs(version)}>
      <p className="quiet">{t.theirs(version)}</p>
      <DocumentText content={content} language={language} />
    </section>
  )
}
