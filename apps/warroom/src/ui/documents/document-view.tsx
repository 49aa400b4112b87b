import { markDeceptive } from '@engineer-chat/markdown'
import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { readDocument, useDocumentChanges } from '../../state/documents/documents.ts'
import { findDraft } from '../../state/documents/drafts.ts'
import { Tlp } from '../parts/event-fields.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Time } from '../parts/time.tsx'
import { DocumentActions } from './document-actions.tsx'
import { Scope } from './document-list.tsx'
import { DocumentText } from './document-text.tsx'
import { EditDocument } from './edit-document.tsx'
import { useLoaded } from './use-loaded.ts'
import { useNames } from './use-names.ts'
import { Versions } from './versions.tsx'

interface Props {
  document_id: string
  place: string
  visit: number
}

/** Shows a document to read, to edit, or beside its earlier versions. */
export function DocumentView({ document_id, place, visit }: Props): ReactNode {
  const t = useMessages()
  const changes = useDocumentChanges()
  const { value: document, errorKind } = useLoaded(`${changes}`, () => readDocument(document_id))
  const [mode, setMode] = useState<'read' | 'edit' | 'versions'>(findDraft(document_id) ? 'edit' : 'read')
  if (errorKind) {
    const { cause, nextStep } = t.errorText[errorKind]
    return <p className="bad" role="alert">{`${cause} ${nextStep}`}</p>
  }
  if (!document) return <Skeleton rows={8} />
  if (mode === 'edit') return <EditDocument document={document} onEnd={() => setMode('read')} />
  return (
    <article className="document">
      <Head document={document} />
      {mode === 'read' ? (
        <>
          <DocumentActions document={document} onEdit={() => setMode('edit')} onVersions={() => setMode('versions')} />
          <DocumentText content={document.content} language={document.language} place={place} visit={visit} />
        </>
      ) : (
        <Versions document={document} onEnd={() => setMode('read')} />
      )}
    </article>
  )
}

function Head({ document }: { document: KnowledgeDocument }): ReactNode {
  const t = useDocumentMessages()
  const { title, kind, tlp, version, updated_at, updated_by, event_id, path } = document
  const findName = useNames(event_id)
  return (
    <header>
      <h2>{markDeceptive(title)}</h2>
      <p className="meta">
        <span>{t.kind[kind]}</span>
        <Scope document={document} />
        <Tlp label={tlp} />
        <span>{t.version(version)}</span>
        <span>
          <Time at={updated_at} showsDay /> {updated_by !== null && t.changed_by(findName(updated_by))}
          {updated_by === null && path === undefined && t.by_the_product}
        </span>
      </p>
      {path !== undefined && <p className="quiet">{markDeceptive(t.file(path))}</p>}
    </header>
  )
}
