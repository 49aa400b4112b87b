import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { removeDocument } from '../../state/documents/documents.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { showToast } from '../../state/page/toasts.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'

interface Props {
  document: KnowledgeDocument
  onEdit(): void
  onVersions(): void
}

/** Offers what can be done with a document. A file of the folder is only read. */
export function DocumentActions({ document, onEdit, onVersions }: Props): ReactNode {
  const t = useDocumentMessages()
  const [isAsking, setIsAsking] = useState(false)
  const isFile = document.path !== undefined
  if (isAsking) return <RemoveQuestion document={document} onKeep={() => setIsAsking(false)} />
  return (
    <p className="document-actions">
      {!isFile && (
        <button type="button" onClick={onEdit}>
          <Icon name="edit" /> {t.edit}
        </button>
      )}
      <button type="button" onClick={onVersions}>
        <Icon name="clock" /> {t.versions}
      </button>
      <button type="button" onClick={() => download(document)}>
        <Icon name="download" /> {t.download}
      </button>
      {!isFile && (
        <button type="button" onClick={() => setIsAsking(true)}>
          <Icon name="close" /> {t.remove}
        </button>
      )}
    </p>
  )
}

function RemoveQuestion({ document, onKeep }: { document: KnowledgeDocument; onKeep(): void }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const remove = () =>
    removeDocument(document.document_id).then(
      () => {
        showToast(t.removed, 'good')
        navigate(toDocumentHash(''))
      },
      (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad'),
    )
  return (
    <p className="document-actions" role="alert">
      {t.remove_really}
      <button type="button" className="danger" onClick={() => void remove()}>
        {t.remove}
      </button>
      <button ref={focusElement} type="button" onClick={onKeep}>
        {t.keep}
      </button>
    </p>
  )
}

function download({ title, content }: KnowledgeDocument): void {
  const url = URL.createObjectURL(new Blob([content], { type: 'text/markdown' }))
  const link = window.document.createElement('a')
  link.href = url
  link.download = `${title.replace(/[^\p{L}\p{N}_ -]/gu, '').trim() || 'document'}.md`
  link.click()
  // The browser reads the address later, so it stays valid for a minute.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
