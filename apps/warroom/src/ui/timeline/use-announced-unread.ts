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
    const row = announcedPlacement.current === placementCount ? undefined : rows.find(({ kind }) => kind === 'unread')
    if (row?.kind !== 'unread') return
    announcedPlacement.current = placementCount
    announce(t.unread_new(formatUnreadCount(row.unread)))
  }, [rows, placementCount, t])
}
