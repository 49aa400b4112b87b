import type { ListedDocument } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { listDocuments, useDocumentChanges } from '../../state/documents/documents.ts'
import { NEW_DOCUMENT_ID, toDocumentHash } from '../../state/page/route.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { DocumentLink } from './document-list.tsx'
import { useDocumentRights } from './use-document-rights.ts'
import { useLoaded } from './use-loaded.ts'
import './documents.css'

/** Lists the documents of the room's event, then the documents that everybody may read. */
export default function RoomDocuments({ event_id }: { event_id: string }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const changeCount = useDocumentChanges()
  const { mayWrite } = useDocumentRights(event_id)
  const { value: roomDocuments, errorKind } = useLoaded(`${event_id} ${changeCount}`, () => loadRoomDocuments(event_id))
  return (
    <div className="room-documents">
      <p className="document-actions">
        {mayWrite && (
          <a className="button" href={toDocumentHash(NEW_DOCUMENT_ID, event_id)}>
            {t.write_for_event}
          </a>
        )}
        <a href={toDocumentHash('')}>{t.all}</a>
      </p>
      {errorKind && <ErrorText text={messages.errorText[errorKind].cause} />}
      {!roomDocuments && !errorKind && <p className="quiet">{messages.loading}</p>}
      {roomDocuments && (
        <>
          <DocumentSection title={t.of_event} documents={roomDocuments.eventDocuments} />
          <DocumentSection title={t.of_everybody} documents={roomDocuments.sharedDocuments} />
        </>
      )}
    </div>
  )
}

async function loadRoomDocuments(event_id: string) {
  const [eventDocuments, sharedDocuments] = await Promise.all([
    listDocuments({ event_id }),
    listDocuments({ access: 'everybody' }),
  ])
  return { eventDocuments: eventDocuments.items, sharedDocuments: sharedDocuments.items }
}

function DocumentSection({ title, documents }: { title: string; documents: readonly ListedDocument[] }): ReactNode {
  const t = useDocumentMessages()
  return (
    <>
      <h2>{title}</h2>
      {documents.length === 0 && <p className="quiet">{t.none}</p>}
      <ul className="document-list">
        {documents.map((document) => (
          <li key={document.document_id}>
            <DocumentLink document={document} />
          </li>
        ))}
      </ul>
    </>
  )
}
