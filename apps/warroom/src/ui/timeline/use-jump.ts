import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { currentMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'
import { showMessage } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'

const MARKED_MS = 2_500

interface Options {
  rows: TimelineRow[]
  event_id: string
  message_id: string
  /** Each navigation has another number. */
  visit: number
  loaded: boolean
  goTo(index: number): void
}

/** Scrolls to the message that the link names, however old it is. Returns the key of the row to mark. */
export function useJump({ rows, event_id, message_id, visit, loaded, goTo }: Options): string | undefined {
  const [marked, setMarked] = useState<string>()
  const done = useRef(-1)
  const index = message_id === '' ? -1 : rows.findIndex((row) => row.key === message_id)

  useEffect(() => {
    if (message_id === '' || !loaded || done.current === visit) return
    void showMessage(event_id, message_id).then(
      (found) => found || showToast(currentMessages().message_not_there, 'bad'),
      () => showToast(currentMessages().trouble.unreachable.what, 'bad'),
    )
  }, [event_id, message_id, visit, loaded])

  useLayoutEffect(() => {
    if (index < 0 || done.current === visit) return
    done.current = visit
    goTo(index)
    setMarked(message_id)
  }, [index, message_id, visit, goTo])

  useEffect(() => {
    if (marked === undefined) return
    const timer = setTimeout(() => setMarked(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [marked])
  return marked
}
