import { useSyncExternalStore } from 'react'

export const ADMIN_PAGES = ['users', 'models', 'flagged', 'analytics'] as const
export type AdminPage = (typeof ADMIN_PAGES)[number]

/** The route is in the URL's fragment, which browsers never send to a server or a proxy. */
export interface Route {
  page: 'events' | 'event' | 'documents' | AdminPage
  event_id: string
  message_id: string
  document_id: string
  /** Names a heading of the document. */
  anchor: string
  /** Names the event of a new document. */
  newDocumentEventId: string
  /**
   * Counts the navigations since the page was loaded, also those to the URL that is already open. It is 0 in the list
   * of events and on the pages for administrators, which do not need it.
   */
  navigationCount: number
}

/** Stands in the place of a `document_id` in the URL of the form for a new document. */
export const NEW_DOCUMENT_ID = 'new'

let navigationCount = 0

const DEFAULT_ROUTE: Route = {
  page: 'events',
  event_id: '',
  message_id: '',
  document_id: '',
  anchor: '',
  newDocumentEventId: '',
  navigationCount: 0,
}

function parseRoute(hash: string): Route {
  const [, page, id = '', thirdPart = '', message_id = ''] = hash.replace(/^#/, '').split('/').map(decode)
  if (isAdminPage(page)) return { ...DEFAULT_ROUTE, page }
  if (page === 'documents') return toDocumentRoute(id, thirdPart)
  if (page !== 'events' || id === '') return DEFAULT_ROUTE
  return {
    ...DEFAULT_ROUTE,
    page: 'event',
    event_id: id,
    message_id: thirdPart === 'messages' ? message_id : '',
    navigationCount,
  }
}

function toDocumentRoute(document_id: string, anchorOrEventId: string): Route {
  const field = document_id === NEW_DOCUMENT_ID ? { newDocumentEventId: anchorOrEventId } : { anchor: anchorOrEventId }
  return { ...DEFAULT_ROUTE, page: 'documents', document_id, ...field, navigationCount }
}

const isAdminPage = (page: string | undefined): page is AdminPage => ADMIN_PAGES.some((known) => known === page)

export const toAdminHash = (page: AdminPage): string => `#/${page}`
export const toEventHash = (event_id: string): string => `#/events/${encodeURIComponent(event_id)}`
export const toMessageHash = (event_id: string, message_id: string): string =>
  `${toEventHash(event_id)}/messages/${encodeURIComponent(message_id)}`

/**
 * Returns the hash of a document, or of the list of documents if the id is empty. With `NEW_DOCUMENT_ID`, the second
 * argument is the id of the event that the new document belongs to.
 */
export const toDocumentHash = (document_id: string, anchorOrEventId = ''): string =>
  ['#/documents', document_id, anchorOrEventId]
    .filter((part) => part !== '')
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join('/')

/** Opens a URL of the page by its hash. Opening the current URL again also counts as a navigation. */
export function navigate(hash: string): void {
  if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'))
  else location.hash = hash
}

export function useRoute(): Route {
  useSyncExternalStore(subscribeToRoute, () => `${navigationCount} ${location.hash}`)
  return parseRoute(location.hash)
}

/** A click on a link to the current URL fires no `hashchange`, so clicks are observed as well. */
function subscribeToRoute(onChange: () => void): () => void {
  const onNavigate = () => {
    navigationCount += 1
    onChange()
  }
  const onClick = ({ target }: MouseEvent) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="#"]') : null
    if (link && link.hash === location.hash) onNavigate()
  }
  addEventListener('hashchange', onNavigate)
  document.addEventListener('click', onClick)
  return () => {
    removeEventListener('hashchange', onNavigate)
    document.removeEventListener('click', onClick)
  }
}

/** Decodes a part of a hash. Returns an empty text for a part that is not encoded correctly. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
