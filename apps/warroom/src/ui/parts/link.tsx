import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findHiddenDestination, safeHref } from '../../text/links.ts'
import { Icon } from './icon.tsx'

/**
 * Shows its target in the text and not in a tooltip; a forbidden target is shown as it was written. A bare address in an
 * incident is evidence and not a link, so it is shown as an indicator.
 */
export function Link({
  href,
  words,
  raw,
  image,
}: {
  href: string
  words: string
  raw: string
  image?: boolean
}): ReactNode {
  const t = useMessages()
  const safe = safeHref(href)
  if (!safe) return raw
  const shown = words.trim() || safe
  const destination = findHiddenDestination(safe, shown)
  return (
    <a className="link" href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {image && <span className="not-loaded">{t.image_not_loaded}: </span>}
      {shown}
      {destination && <span className="destination"> ({destination})</span>}
      <Icon name="outside" label={t.opens_new_tab} />
    </a>
  )
}
