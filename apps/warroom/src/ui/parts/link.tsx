import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findHiddenDestination, safeHref } from '../../text/links.ts'
import { Icon } from './icon.tsx'

/**
 * Shows where it goes, in its text and not in a tooltip; what may not be followed is shown as it was written. A bare
 * address in an incident is evidence rather than an invitation: it is an indicator.
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
