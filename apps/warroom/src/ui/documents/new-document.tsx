import { markDeceptive } from '@engineer-chat/markdown'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { createDocument } from '../../state/documents/documents.ts'
import { type DocumentDraft, dropDraft, findDraft, keepDraft } from '../../state/documents/drafts.ts'
import { useEvents } from '../../state/events/events.ts'
import { type ErrorKind, toErrorKind } from '../../state/page/error-kinds.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { DocumentForm } from './document-form.tsx'

const KEY = 'new'
const EMPTY: DocumentDraft = { title: '', content: '', kind: 'note', language: '', tlp: '', event_id: '', base: null }

/** Writes a document for an event, or for everybody. */
export function NewDocument({ event_id }: { event_id: string }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const [draft, setDraft] = useState(() => findDraft(`${KEY} ${event_id}`) ?? { ...EMPTY, event_id })
  const [isBusy, setIsBusy] = useState(false)
  const [errorKind, setErrorKind] = useState<ErrorKind | null>(null)
  const change = (next: DocumentDraft) => {
    keepDraft(`${KEY} ${event_id}`, next)
    setDraft(next)
  }
  const leave = (hash: string) => {
    dropDraft(`${KEY} ${event_id}`)
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
        onChange={change}
        onSave={save}
        onCancel={() => leave(toDocumentHash(''))}
        isBusy={isBusy}
        saveLabel={t.save}
        isNew
        scope={<ScopeChoice draft={draft} onChange={change} />}
        problem={
          errorKind && (
            <p className="error-text" role="alert">
              {`${messages.errorText[errorKind].cause} ${messages.errorText[errorKind].nextStep}`}
            </p>
          )
        }
      />
    </>
  )
}

const toRequest = ({ title, content, kind, language, tlp, event_id }: DocumentDraft) => ({
  ...{ title, content, kind },
  ...(language !== '' && { language }),
  ...(tlp !== '' && { tlp }),
  ...(event_id === '' ? { access: 'everybody' as const } : { access: 'event' as const, event_id }),
})

function ScopeChoice({ draft, onChange }: { draft: DocumentDraft; onChange(draft: DocumentDraft): void }): ReactNode {
  const t = useDocumentMessages()
  const events = useEvents((state) => state.events)
  const isListed = events.some(({ event_id }) => event_id === draft.event_id)
  return (
    <label title={t.scope_what}>
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
