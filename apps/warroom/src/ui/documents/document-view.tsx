import { markDeceptive } from '@engineer-chat/markdown'
import type { KnowledgeDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { readDocument, useDocumentChanges } from '../../state/documents/documents.ts'
import { findDocumentDraft } from '../../state/documents/drafts.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { TlpLabel } from '../parts/event-fields.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { Time } from '../parts/time.tsx'
import { DocumentActions } from './document-actions.tsx'
import { DocumentScope } from './document-list.tsx'
import { DocumentText } from './document-text.tsx'
import { EditDocument } from './edit-document.tsx'
import { useDocumentRights } from './use-document-rights.ts'
import { useLoaded } from './use-loaded.ts'
import { useNameFinder } from './use-name-finder.ts'
import { Versions } from './versions.tsx'

interface Props {
  document_id: string
  anchor: string
  navigationCount: number
}

/** Shows a document for reading, its edit form, or its earlier versions. */
export function DocumentView({ document_id, anchor, navigationCount }: Props): ReactNode {
  const t = useMessages()
  const changeCount = useDocumentChanges()
  const { value: document, errorKind } = useLoaded(`${changeCount}`, () => readDocument(document_id))
  const { mayWrite } = useDocumentRights(document?.event_id)
  const [mode, setMode] = useState<'read' | 'edit' | 'versions'>(findDocumentDraft(document_id) ? 'edit' : 'read')
  if (errorKind) {
    const { cause, nextStep } = t.errorText[errorKind]
    return <ErrorText text={`${cause} ${nextStep}`} />
  }
  if (!document) return <Skeleton rows={8} />
  // A draft is shown at once, while `mayWrite` is still undefined. The buttons appear when `mayWrite` is known.
  if (mode === 'edit' && mayWrite !== false) return <EditDocument document={document} onEnd={() => setMode('read')} />
  // A document with a path is a file in the folder of runbooks, which cannot be changed here.
  const mayChange = mayWrite === true && document.path === undefined
  return (
    <article className="document">
      <DocumentHeader document={document} />
      {mode === 'versions' ? (
        <Versions document={document} mayRestore={mayChange} onEnd={() => setMode('read')} />
      ) : (
        <>
          <DocumentActions
            document={document}
            mayChange={mayChange}
            onEdit={() => setMode('edit')}
            onVersions={() => setMode('versions')}
          />
          <DocumentText
            content={document.content}
            language={document.language}
            anchor={anchor}
            navigationCount={navigationCount}
          />
        </>
      )}
    </article>
  )
}

function DocumentHeader({ document }: { document: KnowledgeDocument }): ReactNode {
  const t = useDocumentMessages()
  const { title, kind, tlp, version, updated_at, updated_by, event_id, path } = document
  const findName = useNameFinder(event_id)
  return (
    <header>
      <h2>{markDeceptive(title)}</h2>
      <p className="meta">
        <span>{t.kind[kind]}</span>
        <DocumentScope document={document} />
        <TlpLabel label={tlp} />
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
