import { findHiddenDestination, toSafeHref } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from './icon.tsx'

interface Props {
  href: string
  text: string
  /** Holds the Markdown of the link as it was written. */
  source: string
  /** Says whether this link replaces an image, because the page never loads an image that a message names. */
  isImage?: boolean
}

/**
 * Draws a link with its destination in the text, because tooltips are rarely read. A link with an unsafe URL is shown
 * as it was written. A link to another part of this page opens in the same tab. Bare URLs are not drawn here:
 * `MessageText` shows them as indicators.
 */
export function Link({ href, text, source, isImage }: Props): ReactNode {
  const t = useMessages()
  const safeUrl = toSafeHref(href)
  if (!safeUrl) return source
  const shownText = text.trim() || safeUrl
  const pageUrl = `${location.origin}/`
  if (safeUrl.startsWith(`${pageUrl}#/`)) {
    return (
      <a className="link" href={safeUrl.slice(pageUrl.length)}>
        {shownText}
      </a>
    )
  }
  const destination = findHiddenDestination(safeUrl, shownText)
  return (
    <a className="link" href={safeUrl} target="_blank" rel="noopener noreferrer nofollow">
      {isImage && <span className="unloaded-image">{t.image_not_loaded}: </span>}
      {shownText}
      {destination && <span className="destination"> ({destination})</span>}
      <Icon name="outside" label={t.opens_new_tab} />
    </a>
  )
}
