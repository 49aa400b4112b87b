import { markDeceptive, toVisibleText } from '@engineer-chat/markdown'
import { DOCUMENT_KINDS, type DocumentKind, type FoundPiece, type ListedDocument } from '@engineer-chat/protocol'
import { type ReactNode, useState } from 'react'
import { useDocumentMessages } from '../../i18n/document-messages.ts'
import { useMessages } from '../../i18n/index.ts'
import { listDocuments, searchDocuments, useDocumentChanges } from '../../state/documents/documents.ts'
import { useEvents } from '../../state/events/events.ts'
import { toDocumentHash } from '../../state/page/route.ts'
import { takeBeginning } from '../../text/excerpt.ts'
import { ErrorText } from '../parts/error-text.tsx'
import { TlpLabel } from '../parts/event-fields.tsx'
import { Icon } from '../parts/icon.tsx'
import { Time } from '../parts/time.tsx'
import { useLoaded } from './use-loaded.ts'
import { usePagedList } from './use-paged-list.ts'

/** The search begins after this time without a change of the text. */
const TYPING_PAUSE_MS = 250
/** The server refuses a longer search text. */
const MAX_SEARCH_CHARACTERS = 200
const MAX_EXCERPT_CHARACTERS = 200

/** Lists the documents of a kind. If the reader has typed a search text, lists the pieces that match it instead. */
export function DocumentList({ document_id }: { document_id: string }): ReactNode {
  const t = useDocumentMessages()
  const [text, setText] = useState('')
  const [kind, setKind] = useState<DocumentKind | undefined>()
  const searchText = text.trim()
  return (
    <nav className="document-list" aria-label={t.list}>
      <label className="filter">
        <Icon name="search" />
        <input
          type="search"
          maxLength={MAX_SEARCH_CHARACTERS}
          aria-label={t.search}
          placeholder={t.search}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
      </label>
      {searchText === '' ? (
        <>
          <select
            aria-label={t.kind_label}
            value={kind ?? ''}
            onChange={({ target }) => setKind(DOCUMENT_KINDS.find((name) => name === target.value))}
          >
            <option value="">{t.all_kinds}</option>
            {DOCUMENT_KINDS.map((name) => (
              <option key={name} value={name}>
                {t.kind[name]}
              </option>
            ))}
          </select>
          <ListedDocuments kind={kind} document_id={document_id} />
        </>
      ) : (
        <FoundPieces searchText={searchText} />
      )}
    </nav>
  )
}

function ListedDocuments({ kind, document_id }: { kind: DocumentKind | undefined; document_id: string }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const changeCount = useDocumentChanges()
  const filter = kind === undefined ? {} : { kind }
  const { items, errorKind, loadMore } = usePagedList(`${kind} ${changeCount}`, (page) =>
    listDocuments({ ...filter, ...page }),
  )
  if (errorKind) return <ErrorText text={messages.errorText[errorKind].cause} />
  if (!items) return <p className="quiet">{messages.loading}</p>
  return (
    <>
      {items.length === 0 && <p className="quiet">{t.none}</p>}
      <ul>
        {items.map((document) => (
          <li key={document.document_id}>
            <DocumentLink document={document} isCurrent={document.document_id === document_id} />
          </li>
        ))}
      </ul>
      {loadMore && (
        <button type="button" className="plain" onClick={loadMore}>
          {messages.load_more}
        </button>
      )}
    </>
  )
}

/** Links to a document. Shows its kind, scope, label and time, which distinguish documents with the same title. */
export function DocumentLink(props: { document: ListedDocument; isCurrent?: boolean }): ReactNode {
  const { document, isCurrent = false } = props
  const t = useDocumentMessages()
  const { document_id, title, kind, tlp, updated_at } = document
  return (
    <a href={toDocumentHash(document_id)} aria-current={isCurrent ? 'page' : undefined}>
      <strong>{markDeceptive(title)}</strong>
      <span className="meta">
        <span>{t.kind[kind]}</span>
        <DocumentScope document={document} />
        <TlpLabel label={tlp} />
        <Time at={updated_at} showsDay />
      </span>
    </a>
  )
}

/** Says who may read a document: everybody, or the people of an event. */
export function DocumentScope({ document: { event_id } }: { document: Pick<ListedDocument, 'event_id'> }): ReactNode {
  const t = useDocumentMessages()
  const name = useEvents(({ events }) => events.find((event) => event.event_id === event_id)?.event_name)
  if (event_id === undefined) return <span>{t.everybody}</span>
  return (
    <span>
      <Icon name="room" /> {markDeceptive(name ?? event_id)}
    </span>
  )
}

function FoundPieces({ searchText }: { searchText: string }): ReactNode {
  const messages = useMessages()
  const t = useDocumentMessages()
  const changeCount = useDocumentChanges()
  const { value: pieces, errorKind } = useLoaded(
    `${searchText} ${changeCount}`,
    (signal) => searchDocuments(searchText, signal),
    TYPING_PAUSE_MS,
  )
  if (errorKind) return <ErrorText text={messages.errorText[errorKind].cause} />
  if (!pieces) return <p className="quiet">{messages.searching}</p>
  return (
    <>
      {pieces.length === 0 && <p className="quiet">{t.no_match}</p>}
      <ul>
        {pieces.map((piece) => (
          <li key={`${piece.document_id} ${piece.piece}`}>
            <PieceLink piece={piece} />
          </li>
        ))}
      </ul>
    </>
  )
}

function PieceLink({ piece }: { piece: FoundPiece }): ReactNode {
  const t = useDocumentMessages()
  const { document_id, anchor, title, headings, kind, tlp } = piece
  return (
    <a href={toDocumentHash(document_id, anchor)}>
      <strong>{markDeceptive([title, ...headings.filter((heading) => heading !== title)].join(' › '))}</strong>
      <span className="excerpt">{toExcerpt(piece)}</span>
      <span className="meta">
        <span>{t.kind[kind]}</span>
        <DocumentScope document={piece} />
        <TlpLabel label={tlp} />
      </span>
    </a>
  )
}

/** Returns the beginning of a piece's text, without Markdown and without its heading, which is shown above the text. */
function toExcerpt({ text, headings }: FoundPiece): string {
  const visibleText = toVisibleText(text).trim()
  const heading = headings.at(-1) ?? ''
  const body = visibleText.startsWith(heading) ? visibleText.slice(heading.length).trim() : visibleText
  return takeBeginning(body, MAX_EXCERPT_CHARACTERS)
}
