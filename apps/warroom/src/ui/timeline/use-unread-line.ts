import { useEffect, useState } from 'react'
import { getReadPosition } from '../../state/rooms/read-marks.ts'
import { getRoom } from '../../state/rooms/rooms.ts'
import { isOwn } from '../../state/rooms/timeline-rows.ts'

export interface UnreadLine {
  /** The line is drawn below this position; null draws none. */
  position: number | null
  /** Counts how often the reader came back to a tab in which others had written meanwhile. */
  returnCount: number
}

/** Draws the line where the reader had read to when the room was opened, or when they last left the tab. */
export function useUnreadLine(user_id: string, event_id: string): UnreadLine {
  const [line, setLine] = useState<UnreadLine>(() => ({ position: getReadPosition(user_id, event_id), returnCount: 0 }))
  useEffect(() => {
    const onReturn = () => {
      const position = getReadPosition(user_id, event_id)
      if (document.visibilityState !== 'visible' || position === null) return
      const isNew = getRoom(event_id).state.messages.some(
        (message) => message.position > position && !isOwn(message, user_id),
      )
      if (isNew) setLine(({ returnCount }) => ({ position, returnCount: returnCount + 1 }))
    }
    document.addEventListener('visibilitychange', onReturn)
    return () => document.removeEventListener('visibilitychange', onReturn)
  }, [user_id, event_id])
  return line
}
