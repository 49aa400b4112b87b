import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type Attention, toShortCount } from '../../state/attention/count.ts'

/** Shows the counts by figure and colour. A screen reader hears them in words. */
export function Counts({ unread, mentions }: Attention): ReactNode {
  const t = useMessages()
  if (unread === 0 && mentions === 0) return null
  return (
    <span className="counts">
      {mentions > 0 && (
        <span className="mention-count">
          <span aria-hidden="true">@{toShortCount(mentions)}</span>
          <span className="unseen">{t.mention_count(mentions)}</span>
        </span>
      )}
      {unread > 0 && (
        <span className="unread-count">
          <span aria-hidden="true">{toShortCount(unread)}</span>
          <span className="unseen">{t.unread_count(unread)}</span>
        </span>
      )}
    </span>
  )
}
