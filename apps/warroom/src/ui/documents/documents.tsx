import { type ReactNode, useEffect } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { setOpenEventName } from '../../state/attention/open-event-name.ts'
import { NEW_DOCUMENT_ID, toDocumentHash } from '../../state/page/route.ts'
import { updateView } from '../../state/page/view.ts'
import { Icon } from '../parts/icon.tsx'
import { DocumentList } from './document-list.tsx'
import { DocumentView } from './document-view.tsx'
import { NewDocument } from './new-document.tsx'
import './documents.css'

interface Props {
  /** An empty id shows the list alone, and `NEW_DOCUMENT_ID` shows the form for a new document. */
  document_id: string
  /** Names the heading to show. */
  anchor: string
  /** Names the event of a new document. An empty id means that everybody may read the document. */
  newDocumentEventId: string
  /** Changes with each navigation, so that the page scrolls to the heading again. */
  navigationCount: number
}

/** Shows a list of the documents that the reader may read, and beside it a document or the form for a new one. */
export default function Documents({ document_id, anchor, newDocumentEventId, navigationCount }: Props): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  useEffect(() => {
    setOpenEventName(t.title)
    return () => setOpenEventName('')
  }, [t])
  return (
    <main className={document_id === '' ? 'documents' : 'documents with-document'}>
      <header>
        <button
          type="button"
          className="plain icon-only narrow-only"
          aria-label={messages.events}
          onClick={() => updateView({ isSidebarOpen: true })}
        >
          <Icon name="menu" />
        </button>
        <h1>{t.title}</h1>
        <p className="quiet wide-only">{t.introduction}</p>
        <a className="button" href={toDocumentHash(NEW_DOCUMENT_ID)}>
          <Icon name="plus" /> {t.write}
        </a>
      </header>
      <DocumentList document_id={document_id} />
      <div className="document-place">
        {document_id !== '' && (
          <p className="narrow-only">
            <a href={toDocumentHash('')}>{t.all}</a>
          </p>
        )}
        {document_id === '' && <p className="quiet pick">{t.pick}</p>}
        {document_id === NEW_DOCUMENT_ID && <NewDocument key={newDocumentEventId} event_id={newDocumentEventId} />}
        {document_id !== '' && document_id !== NEW_DOCUMENT_ID && (
          <DocumentView key={document_id} document_id={document_id} anchor={anchor} navigationCount={navigationCount} />
        )}
      </div>
    </main>
  )
}
