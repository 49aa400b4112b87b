import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { readDocument, updateDocument } from '../../state/documents/documents.ts'
import {
  type DocumentDraft,
  findDocumentDraft,
  keepDocumentDraft,
  removeDocumentDraft,
} from '../../state/documents/drafts.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { DocumentForm } from './document-form.tsx'
import { DocumentText } from './document-text.tsx'
import { useDocumentRights } from './use-document-rights.ts'

interface Props {
  document: KnowledgeDocument
  onEnd(): void
}

const toDraft = (document: KnowledgeDocument): DocumentDraft => {
  const { title, content, kind, language, own_tlp, event_id = '' } = document
  return { title, content, kind, language, tlp: own_tlp, event_id, base: document }
}

/**
 * Edits a document. If somebody else has saved a version meanwhile, the writer can read that version and then save the
 * draft as the next one. A draft keeps the version on which it is based, even if the writer visits another part of the
 * page and returns. Cancel drops the draft.
 */
export function EditDocument({ document: openedDocument, onEnd }: Props): ReactNode {
  const t = useDocumentMessages()
  const { document_id, event_id } = openedDocument
  const { mayManage } = useDocumentRights(event_id)
  const [draft, setDraft] = useState(() => findDocumentDraft(document_id) ?? toDraft(openedDocument))
  const [otherVersion, setOtherVersion] = useState<KnowledgeDocument | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const [errorKind, setErrorKind] = useState<ErrorKind | null>(null)
  const base = draft.base ?? openedDocument
  const changeDraft = (newDraft: DocumentDraft) => {
    keepDocumentDraft(document_id, newDraft)
    setDraft(newDraft)
  }
  const end = () => {
    removeDocumentDraft(document_id)
    onEnd()
  }
  const save = () => {
    setIsBusy(true)
    const { title, content, kind, language, tlp } = draft
    const isLabelChanged = tlp !== '' && tlp !== base.own_tlp
    const changes = { title, content, kind, language, ...(isLabelChanged && { tlp }) }
    updateDocument(document_id, { ...changes, version: base.version })
      .then(() => {
        showToast(t.saved, 'good')
        end()
      })
      .catch((error: unknown) => setErrorKind(toErrorKind(error)))
      .finally(() => setIsBusy(false))
  }
  const continueFromVersion = (newBase: KnowledgeDocument) => {
    changeDraft(rebaseDraft(draft, base, newBase))
    setOtherVersion(newBase)
    setErrorKind(null)
  }
  return (
    <>
      <h2>{t.edit}</h2>
      <DocumentForm
        draft={draft}
        onChange={changeDraft}
        onSave={save}
        onCancel={end}
        isBusy={isBusy}
        saveLabel={otherVersion ? t.save_over : t.save}
        isNew={false}
        {...(!mayManage && { lowestTlp: base.own_tlp })}
        problem={
          <>
            <SaveError errorKind={errorKind} document_id={document_id} onOtherVersion={continueFromVersion} />
            {otherVersion && <OtherVersion document={otherVersion} />}
          </>
        }
      />
    </>
  )
}

/** Bases the draft on another version. If the writer has not changed the label, the draft takes that version's label. */
function rebaseDraft(
  draft: DocumentDraft,
  base: Pick<KnowledgeDocument, 'own_tlp'>,
  newBase: KnowledgeDocument,
): DocumentDraft {
  const tlp = draft.tlp === base.own_tlp ? newBase.own_tlp : draft.tlp
  return { ...draft, base: newBase, tlp }
}

interface SaveErrorProps {
  errorKind: ErrorKind | null
  document_id: string
  onOtherVersion(document: KnowledgeDocument): void
}

function SaveError({ errorKind, document_id, onOtherVersion }: SaveErrorProps): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  if (!errorKind) return null
  const { cause, nextStep } = messages.errorText[errorKind]
  if (errorKind !== 'version_conflict') return <ErrorText text={`${cause} ${nextStep}`} />
  const showOtherVersion = () =>
    readDocument(document_id).then(onOtherVersion, (error: unknown) =>
      showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return (
    <p className="error-text" role="alert">
      {t.conflict}{' '}
      <button type="button" onClick={() => void showOtherVersion()}>
        {t.show_theirs}
      </button>
    </p>
  )
}

function OtherVersion({ document: { version, content, language } }: { document: KnowledgeDocument }): ReactNode {
  const t = useDocumentMessages()
  return (
    <section className="document-preview" aria-label={t.theirs(version)}>
      <p className="quiet">{t.theirs(version)}</p>
      <DocumentText content={content} language={language} />
    </section>
  )
}
