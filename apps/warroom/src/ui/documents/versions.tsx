import type { KnowledgeDocument } from '@engineer-chat/protocol'
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
import { usePagedList } from './use-paged-list.ts'

interface Props {
  document: KnowledgeDocument
  mayRestore: boolean
  onEnd(): void
}

/** Lists the versions and their writers, and shows one version. The reader can restore an earlier version. */
export function Versions({ document, mayRestore, onEnd }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const { document_id, version, event_id } = document
  const findName = useNameFinder(event_id)
  const [shownDocument, setShownDocument] = useState<KnowledgeDocument>(document)
  const loadPage = (page: { cursor?: string }) => listVersions(document_id, page)
  const { items: versions, errorKind, loadMore } = usePagedList(`${document_id} ${version}`, loadPage)
  const showFailure = (error: unknown) => showToast(messages.errorText[toErrorKind(error)].cause, 'bad')
  const lastChosenVersion = useRef(version)
  const showVersion = (chosenVersion: number) => {
    lastChosenVersion.current = chosenVersion
    // The response to an earlier choice may arrive after the response to the last choice, and is then ignored.
    const showIfLastChosen = (chosenDocument: KnowledgeDocument) => {
      if (lastChosenVersion.current === chosenVersion) setShownDocument(chosenDocument)
    }
    void readDocument(document_id, chosenVersion).then(showIfLastChosen, showFailure)
  }
  return (
    <>
      <p className="document-actions">
        <button type="button" onClick={onEnd}>
          {t.back_to_current}
        </button>
        {shownDocument.version !== version && mayRestore && (
          <RestoreButton document={document} earlierDocument={shownDocument} onEnd={onEnd} onFailure={showFailure} />
        )}
      </p>
      {errorKind && <ErrorText text={messages.errorText[errorKind].cause} />}
      <ol className="document-versions" aria-label={t.versions}>
        {versions?.map((listedVersion) => (
          <li key={listedVersion.version}>
            <VersionButton
              version={listedVersion.version}
              isShown={listedVersion.version === shownDocument.version}
              onShow={showVersion}
            />
            <span className="quiet">
              <Time at={listedVersion.updated_at} showsDay />{' '}
              {listedVersion.updated_by !== null && t.changed_by(findName(listedVersion.updated_by))}
              {listedVersion.version === version && ` · ${t.current}`}
            </span>
          </li>
        ))}
      </ol>
      {loadMore && (
        <button type="button" className="plain" onClick={loadMore}>
          {messages.load_more}
        </button>
      )}
      <DocumentText content={shownDocument.content} language={shownDocument.language} />
    </>
  )
}

interface VersionButtonProps {
  version: number
  isShown: boolean
  onShow(version: number): void
}

function VersionButton({ version, isShown, onShow }: VersionButtonProps): ReactNode {
  const t = useDocumentMessages()
  return (
    <button type="button" aria-pressed={isShown} title={t.show_version(version)} onClick={() => onShow(version)}>
      {t.version(version)}
    </button>
  )
}

interface RestoreButtonProps extends Pick<Props, 'document' | 'onEnd'> {
  earlierDocument: KnowledgeDocument
  onFailure(error: unknown): void
}

function RestoreButton({ document, earlierDocument, onEnd, onFailure }: RestoreButtonProps): ReactNode {
  const t = useDocumentMessages()
  const [isBusy, setIsBusy] = useState(false)
  const { title, kind, language, content } = earlierDocument
  const restore = () => {
    setIsBusy(true)
    const { document_id, version } = document
    updateDocument(document_id, { title, kind, language, content, version, restores: earlierDocument.version })
      .then(() => {
        showToast(t.restored(earlierDocument.version), 'good')
        onEnd()
      }, onFailure)
      .finally(() => setIsBusy(false))
  }
  return (
    <button type="button" className="primary" disabled={isBusy} onClick={restore}>
      {t.restore(earlierDocument.version)}
    </button>
  )
}
