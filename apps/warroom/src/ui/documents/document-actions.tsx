import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { removeDocument } from '../../state/documents/documents.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { navigate, toDocumentHash } from '../../state/page/route.ts'
import { saveFile } from '../../state/page/save-file.ts'
import { showToast } from '../../state/page/toasts.ts'
import { toMarkdownFile } from '../../text/files/document-file.ts'
import { focusElement } from '../parts/focus.ts'
import { Icon } from '../parts/icon.tsx'

interface Props {
  document: KnowledgeDocument
  mayChange: boolean
  onEdit(): void
  onVersions(): void
}

/** Shows the actions on a document that the reader may take. */
export function DocumentActions({ document, mayChange, onEdit, onVersions }: Props): ReactNode {
  const t = useDocumentMessages()
  const [isConfirming, setIsConfirming] = useState(false)
  if (isConfirming && mayChange) return <ConfirmRemoval document={document} onKeep={() => setIsConfirming(false)} />
  return (
    <p className="document-actions">
      {mayChange && (
        <button type="button" onClick={onEdit}>
          <Icon name="edit" /> {t.edit}
        </button>
      )}
      <button type="button" onClick={onVersions}>
        <Icon name="clock" /> {t.versions}
      </button>
      <button type="button" onClick={() => downloadDocument(document)}>
        <Icon name="download" /> {t.download}
      </button>
      {mayChange && (
        <button type="button" onClick={() => setIsConfirming(true)}>
          <Icon name="close" /> {t.remove}
        </button>
      )}
    </p>
  )
}

function ConfirmRemoval({ document, onKeep }: { document: KnowledgeDocument; onKeep(): void }): ReactNode {
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
      {t.confirm_removal}
      <button type="button" className="danger" onClick={() => void remove()}>
        {t.remove}
      </button>
      <button ref={focusElement} type="button" onClick={onKeep}>
        {t.keep}
      </button>
    </p>
  )
}

/** Saves the document as a Markdown file. The name has no characters that a file system could refuse. */
function downloadDocument(document: KnowledgeDocument): void {
  const name = document.title.replace(/[^\p{L}\p{N}_ -]/gu, '').trim() || 'document'
  saveFile(new Blob([toMarkdownFile(document)], { type: 'text/markdown' }), `${name}.md`)
}
