import { useSyncExternalStore } from 'react'

export const ADMIN_PAGES = ['users', 'models', 'flagged', 'analytics'] as const
export type AdminPage = (typeof ADMIN_PAGES)[number]

/** Where the reader is. It stands in the fragment, which no server and no log of a proxy gets to see. */
export interface Route {
  page: 'events' | 'event' | AdminPage
  event_id: string
  message_id: string
}

const NOWHERE: Route = { page: 'events', event_id: '', message_id: '' }

function routeOf(hash: string): Route {
  const [, page, event_id = '', inside, message_id = ''] = hash.replace(/^#/, '').split('/').map(decoded)
  if (isAdminPage(page)) return { ...NOWHERE, page }
  if (page !== 'events' || event_id === '') return NOWHERE
  return { page: 'event', event_id, message_id: inside === 'messages' ? message_id : '' }
}

const isAdminPage = (page: string | undefined): page is AdminPage => ADMIN_PAGES.some((known) => known === page)

export const adminHash = (page: AdminPage): string => `#/${page}`
export const eventHash = (event_id: string): string => `#/events/${encodeURIComponent(event_id)}`
export const messageHash = (event_id: string, message_id: string): string =>
  `${eventHash(event_id)}/messages/${encodeURIComponent(message_id)}`

export const go = (hash: string): void => {
  location.hash = hash
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(listen, () => location.hash)
  return routeOf(hash)
}

function listen(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
