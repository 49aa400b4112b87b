import type { ReactNode } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { type AttentionCounts, toShortCount } from '../../state/attention/count.ts'

/**
 * Shows the counts as coloured numbers, and as words for screen readers. If no message is unread, `isNew` shows the
 * word “New”.
 */
export function Counts({ unread, mentions, isNew = false }: AttentionCounts & { isNew?: boolean }): ReactNode {
  const t = useMessages()
  if (unread === 0 && mentions === 0 && !isNew) return null
  return (
    <span className="counts">
      {unread === 0 && isNew && <span className="unread-count">{t.not_opened}</span>}
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
