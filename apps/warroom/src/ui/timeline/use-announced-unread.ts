import { useEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { announce } from '../parts/announcer.tsx'
import { formatUnreadCount } from './unread-line.tsx'

/** Announces the number of unread messages, once for each placement of the unread line. */
export function useAnnouncedUnread(rows: readonly TimelineRow[], placementCount: number): void {
  const t = useMessages()
  const announcedPlacement = useRef(-1)
  useEffect(() => {
    if (announcedPlacement.current === placementCount) return
    const unreadRow = rows.find((row) => row.kind === 'unread')
    if (!unreadRow) return
    announcedPlacement.current = placementCount
    announce(t.unread_new(formatUnreadCount(unreadRow.unread)))
  }, [rows, placementCount, t])
}
