import type { DocumentVersion, KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { listVersions, readDocument, updateDocument } from '../../state/documents/documents.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { Time } from '../parts/time.tsx'
import { DocumentText } from './document-text.tsx'
import { useNames } from './use-names.ts'
import { usePages } from './use-pages.ts'

interface Props {
  document: KnowledgeDocument
  onEnd(): void
}

/** Lists who wrote which version, shows one, and makes an earlier one the newest text again. */
export function Versions({ document, onEnd }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const { document_id, version, event_id } = document
  const findName = useNames(event_id)
  const [shown, setShown] = useState<KnowledgeDocument>(document)
  const list = usePages(`${document_id} ${version}`, (from) => listVersions(document_id, from))
  const { items: versions, errorKind, loadMore } = list
  const tellFailure = (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad')
  const show = (number: number) => void readDocument(document_id, number).then(setShown, tellFailure)
  return (
    <>
      <p className="document-actions">
        <button type="button" onClick={onEnd}>
          {t.back_to_current}
        </button>
        {shown.version !== version && document.path === undefined && (
          <RestoreButton document={document} earlier={shown} onEnd={onEnd} onFailure={tellFailure} />
        )}
      </p>
      {errorKind && <p className="bad">{messages.errorText[errorKind].cause}</p>}
      <ol className="document-versions" aria-label={t.versions}>
        {versions?.map((one) => (
          <li key={one.version}>
            <VersionButton one={one} isShown={one.version === shown.version} onShow={show} />
            <span className="quiet">
              <Time at={one.updated_at} showsDay /> {one.updated_by !== null && t.changed_by(findName(one.updated_by))}
              {one.version === version && ` · ${t.current}`}
            </span>
          </li>
        ))}
      </ol>
      {loadMore && (
        <button type="button" className="plain" onClick={loadMore}>
          {messages.load_more}
        </button>
      )}
      <DocumentText content={shown.content} language={shown.language} />
    </>
  )
}

interface VersionProps {
  one: DocumentVersion
  isShown: boolean
  onShow(version: number): void
}

function VersionButton({ one: { version }, isShown, onShow }: VersionProps): ReactNode {
  const t = useDocumentMessages()
  return (
    <button type="button" aria-pressed={isShown} title={t.show_version(version)} onClick={() => onShow(version)}>
      {t.version(version)}
    </button>
  )
}

interface RestoreProps extends Props {
  earlier: KnowledgeDocument
  onFailure(error: unknown): void
}

function RestoreButton({ document, earlier, onEnd, onFailure }: RestoreProps): ReactNode {
  const t = useDocumentMessages()
  const [isBusy, setIsBusy] = useState(false)
  const { title, kind, language, content } = earlier
  const restore = () => {
    setIsBusy(true)
    const { document_id, version } = document
    updateDocument(document_id, { title, kind, language, content, version, restores: earlier.version })
      .then(() => {
        showToast(t.restored(earlier.version), 'good')
        onEnd()
      }, onFailure)
      .finally(() => setIsBusy(false))
  }
  return (
    <button type="button" className="primary" disabled={isBusy} onClick={restore}>
      {t.restore(earlier.version)}
    </button>
  )
}
