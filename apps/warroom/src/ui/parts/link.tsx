import { findHiddenDestination, toSafeHref } from '@engineer-chat/markdown'
import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { Icon } from './icon.tsx'

/**
 * Draws a link with its destination in the text, because tooltips are rarely read. A link with an unsafe address is
 * shown as it was written. A bare address is evidence, so it is shown as an indicator instead. A link to another part
 * of this page opens in the same tab.
 */
export function Link({
  href,
  words,
  source,
  isImage,
}: {
  href: string
  words: string
  source: string
  isImage?: boolean
}): ReactNode {
  const t = useMessages()
  const safeUrl = toSafeHref(href)
  if (!safeUrl) return source
  const shownWords = words.trim() || safeUrl
  if (safeUrl.startsWith(`${location.origin}/#/`)) {
    return (
      <a className="link" href={safeUrl.slice(location.origin.length + 1)}>
        {shownWords}
      </a>
    )
  }
  const destination = findHiddenDestination(safeUrl, shownWords)
  return (
    <a className="link" href={safeUrl} target="_blank" rel="noopener noreferrer nofollow">
      {isImage && <span className="not-loaded">{t.image_not_loaded}: </span>}
      {shownWords}
      {destination && <span className="destination"> ({destination})</span>}
      <Icon name="outside" label={t.opens_new_tab} />
    </a>
  )
}
