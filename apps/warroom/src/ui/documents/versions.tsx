import type { DocumentVersion, KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useRef, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { listVersions, readDocument, updateDocument } from '../../state/documents/documents.ts'
import { toErrorKind } from '../../state/page/error-kinds.ts'
import { showToast } from '../../state/page/toasts.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { Time } from '../parts/time.tsx'
import { DocumentText } from './document-text.tsx'
import { useNameFinder } from './use-name-finder.ts'
import { usePages } from './use-pages.ts'

interface Props {
  document: KnowledgeDocument
  mayRestore: boolean
  onEnd(): void
}

/** Lists the versions and their writers, shows one of them, and can restore an earlier one as the newest version. */
export function Versions({ document, mayRestore, onEnd }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const { document_id, version, event_id } = document
  const findName = useNameFinder(event_id)
  const [shown, setShown] = useState<KnowledgeDocument>(document)
  const loadPage = (page: { cursor?: string }) => listVersions(document_id, page)
  const { items: versions, errorKind, loadMore } = usePages(`${document_id} ${version}`, loadPage)
  const showFailure = (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad')
  const lastChosen = useRef(version)
  const showVersion = (chosenVersion: number) => {
    lastChosen.current = chosenVersion
    // The response of an earlier choice may arrive later. It is ignored.
    const showIfLast = (earlier: KnowledgeDocument) => {
      if (lastChosen.current === chosenVersion) setShown(earlier)
    }
    void readDocument(document_id, chosenVersion).then(showIfLast, showFailure)
  }
  return (
    <>
      <p className="document-actions">
        <button type="button" onClick={onEnd}>
          {t.back_to_current}
        </button>
        {shown.version !== version && mayRestore && (
          <RestoreButton document={document} earlier={shown} onEnd={onEnd} onFailure={showFailure} />
        )}
      </p>
      {errorKind && <ErrorText text={messages.errorText[errorKind].cause} />}
      <ol className="document-versions" aria-label={t.versions}>
        {versions?.map((listed) => (
          <li key={listed.version}>
            <VersionButton listed={listed} isShown={listed.version === shown.version} onShow={showVersion} />
            <span className="quiet">
              <Time at={listed.updated_at} showsDay />{' '}
              {listed.updated_by !== null && t.changed_by(findName(listed.updated_by))}
              {listed.version === version && ` · ${t.current}`}
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

interface VersionButtonProps {
  listed: DocumentVersion
  isShown: boolean
  onShow(version: number): void
}

function VersionButton({ listed: { version }, isShown, onShow }: VersionButtonProps): ReactNode {
  const t = useDocumentMessages()
  return (
    <button type="button" aria-pressed={isShown} title={t.show_version(version)} onClick={() => onShow(version)}>
      {t.version(version)}
    </button>
  )
}

interface RestoreButtonProps extends Pick<Props, 'document' | 'onEnd'> {
  earlier: KnowledgeDocument
  onFailure(error: unknown): void
}

function RestoreButton({ document, earlier, onEnd, onFailure }: RestoreButtonProps): ReactNode {
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
