import { markDeceptive } from '@engineer-chat/markdown'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { createDocument } from '../../state/documents/documents.ts'
import {
  type DocumentDraft,
  findDocumentDraft,
  keepDocumentDraft,
  removeDocumentDraft,
  toNewDraftKey,
} from '../../state/documents/drafts.ts'
import { useEvents } from '../../state/events/events.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { DocumentForm } from './document-form.tsx'
import { useDocumentRights } from './use-document-rights.ts'

const EMPTY_DRAFT: DocumentDraft = {
  title: '',
  content: '',
  kind: 'note',
  language: '',
  tlp: '',
  event_id: '',
  base: null,
}

/** Shows the form for a new document. Without an event, the form first suggests a document that everybody may read. */
export function NewDocument({ event_id }: { event_id: string }): ReactNode {
  const t = useDocumentMessages()
  const draftKey = toNewDraftKey(event_id)
  const [draft, setDraft] = useState(() => findDocumentDraft(draftKey) ?? { ...EMPTY_DRAFT, event_id })
  const { mayWrite } = useDocumentRights(draft.event_id === '' ? undefined : draft.event_id)
  const [isBusy, setIsBusy] = useState(false)
  const [errorKind, setErrorKind] = useState<ErrorKind | null>(null)
  const changeDraft = (newDraft: DocumentDraft) => {
    keepDocumentDraft(draftKey, newDraft)
    setDraft(newDraft)
  }
  const leave = (hash: string) => {
    removeDocumentDraft(draftKey)
    navigate(hash)
  }
  const save = () => {
    setIsBusy(true)
    createDocument(toRequest(draft))
      .then(({ document_id }) => {
        showToast(t.saved, 'good')
        leave(toDocumentHash(document_id))
      })
      .catch((error: unknown) => setErrorKind(toErrorKind(error)))
      .finally(() => setIsBusy(false))
  }
  return (
    <>
      <h2>{t.write}</h2>
      <DocumentForm
        draft={draft}
        onChange={changeDraft}
        onSave={save}
        onCancel={() => leave(toDocumentHash(''))}
        isBusy={isBusy || mayWrite === false}
        saveLabel={t.save}
        isNew
        scopeField={<ScopeChoice draft={draft} onChange={changeDraft} />}
        problem={<SaveError errorKind={errorKind} isObserver={mayWrite === false} />}
      />
    </>
  )
}

function SaveError({ errorKind, isObserver }: { errorKind: ErrorKind | null; isObserver: boolean }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const errorTexts = errorKind && messages.errorText[errorKind]
  if (isObserver) return <ErrorText text={t.observers_read} />
  return errorTexts && <ErrorText text={`${errorTexts.cause} ${errorTexts.nextStep}`} />
}

/** Leaves out an empty language or label, so that the server chooses it. */
const toRequest = ({ title, content, kind, language, tlp, event_id }: DocumentDraft) => ({
  title,
  content,
  kind,
  ...(language !== '' && { language }),
  ...(tlp !== '' && { tlp }),
  ...(event_id === '' ? { access: 'everybody' as const } : { access: 'event' as const, event_id }),
})

/** Lets the writer choose who may read the document: everybody, or the people of an event. */
function ScopeChoice({ draft, onChange }: { draft: DocumentDraft; onChange(draft: DocumentDraft): void }): ReactNode {
  const t = useDocumentMessages()
  const events = useEvents((state) => state.events)
  const isListed = events.some(({ event_id }) => event_id === draft.event_id)
  return (
    <label title={t.scope_hint}>
      {t.scope_label}
      <select value={draft.event_id} onChange={({ target }) => onChange({ ...draft, event_id: target.value })}>
        <option value="">{t.everybody}</option>
        {draft.event_id !== '' && !isListed && <option value={draft.event_id}>{draft.event_id}</option>}
        {events.map(({ event_id, event_name }) => (
          <option key={event_id} value={event_id}>
            {markDeceptive(event_name)}
          </option>
        ))}
      </select>
    </label>
  )
}
