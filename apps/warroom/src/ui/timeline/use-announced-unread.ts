import { useEffect, useRef } from 'react'
import { useMessages } from '../../i18n/index.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { announce } from '../parts/announcer.tsx'
import { writeCount } from './unread-line.tsx'

/** Tells screen readers how much came, once for each time that the reader came back. */
export function useAnnouncedUnread(rows: readonly TimelineRow[], returnCount: number): void {
  const t = useMessages()
  const announcedAt = useRef(-1)
  useEffect(() => {
    const row = announcedAt.current === returnCount ? undefined : rows.find(({ kind }) => kind === 'unread')
    if (row?.kind !== 'unread') return
    announcedAt.current = returnCount
    announce(t.unread_new(writeCount(row.unread)))
  }, [rows, returnCount, t])
}
