import type { ListedDocument } from '@engineer-chat/protocol'
import type { ReactNode } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { listDocuments, useDocumentChanges } from '../../state/documents/documents.ts'
import { toDocumentHash } from '../../state/page/route.ts'
import { DocumentLink } from './document-list.tsx'
import { useLoaded } from './use-loaded.ts'
import './documents.css'

/** Lists the documents of the room's event, then everybody's. */
export default function RoomDocuments({ event_id }: { event_id: string }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const changes = useDocumentChanges()
  const { value, errorKind } = useLoaded(`${event_id} ${changes}`, () => loadBoth(event_id))
  return (
    <div className="room-documents">
      <p className="document-actions">
        <a className="button" href={toDocumentHash('new', event_id)}>
          {t.write_for_event}
        </a>
        <a href={toDocumentHash('')}>{t.all}</a>
      </p>
      {errorKind && <p className="bad">{messages.errorText[errorKind].cause}</p>}
      {!value && !errorKind && <p className="quiet">{messages.loading}</p>}
      {value && (
        <>
          <Part title={t.of_event} documents={value.ofEvent} />
          <Part title={t.of_everybody} documents={value.ofEverybody} />
        </>
      )}
    </div>
  )
}

async function loadBoth(event_id: string) {
  const [ofEvent, ofEverybody] = await Promise.all([
    listDocuments({ event_id }),
    listDocuments({ access: 'everybody' }),
  ])
  return { ofEvent: ofEvent.items, ofEverybody: ofEverybody.items }
}

function Part({ title, documents }: { title: string; documents: readonly ListedDocument[] }): ReactNode {
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
