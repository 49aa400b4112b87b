import type { AttentionCounts } from './count.ts'

/** Repeats the drawing of `public/favicon.svg`, because a badge is drawn over it. */
const DRAWING =
  '<rect width="32" height="32" rx="8" fill="#6a5cf0"/><path d="M8 11.5A3.5 3.5 0 0 1 11.5 8h9a3.5 3.5 0 0 1 3.5 3.5v6a3.5 3.5 0 0 1-3.5 3.5H15l-4.4 3.6c-.4.3-1 .1-1-.5V21A3.5 3.5 0 0 1 8 17.500z" fill="#fff"/>'
/** The icon has space for one digit and a `+`. */
const MAX_SHOWN_NUMBER = 9

/** Returns the URL of the icon: with the number of mentions, with a dot for other unread messages, or unchanged. */
export function toFaviconUrl({ unread, mentions }: AttentionCounts): string {
  if (mentions > 0) return toDataUrl(`${DRAWING}${drawNumber(mentions)}`)
  if (unread > 0) return toDataUrl(`${DRAWING}<circle cx="25" cy="7" r="7" fill="#f0b65a"/>`)
  return '/favicon.svg'
}

const drawNumber = (count: number): string =>
  `<circle cx="21.500" cy="10.500" r="10.500" fill="#cf3338"/><text x="21.500" y="16" text-anchor="middle" font-family="sans-serif" font-size="15" font-weight="700" fill="#fff">${count > MAX_SHOWN_NUMBER ? `${MAX_SHOWN_NUMBER}+` : count}</text>`

const toDataUrl = (drawing: string): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${drawing}</svg>`)}`
