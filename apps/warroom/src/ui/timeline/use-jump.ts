import { findMessage } from '@engineer-chat/client'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'
import { revealMessage } from '../../state/rooms/room-filter.ts'
import { getRoom, showMessage } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { announce } from '../parts/announcer.tsx'

const MARKED_MS = 2_500

interface Options {
  rows: TimelineRow[]
  event_id: string
  message_id: string
  /** Each navigation has another number. */
  visit: number
  isLoaded: boolean
  goTo(index: number): void
}

/** Scrolls to the message that the URL names, however old it is. Returns the key of the row to mark. */
export function useJump({ rows, event_id, message_id, visit, isLoaded, goTo }: Options): string | undefined {
  const [markedKey, setMarkedKey] = useState<string>()
  const lastVisit = useRef(-1)
  const index = message_id === '' ? -1 : rows.findIndex((row) => row.key === message_id)

  useEffect(() => {
    if (message_id === '' || !isLoaded || lastVisit.current === visit) return
    void showMessage(event_id, message_id).then(
      (isFound) => (isFound ? reveal(event_id, message_id) : showToast(getMessages().message_not_there, 'bad')),
      () => showToast(getMessages().errorText.unreachable.cause, 'bad'),
    )
  }, [event_id, message_id, visit, isLoaded])

  useLayoutEffect(() => {
    if (index < 0 || lastVisit.current === visit) return
    lastVisit.current = visit
    goTo(index)
    setMarkedKey(message_id)
  }, [index, message_id, visit, goTo])

  useEffect(() => {
    if (markedKey === undefined) return
    const timer = setTimeout(() => setMarkedKey(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [markedKey])
  return markedKey
}

/** Lifts a filter that hides the message. */
function reveal(event_id: string, message_id: string): void {
  const message = findMessage(getRoom(event_id).state, message_id)
  if (message && revealMessage(event_id, message)) announce(getMessages().filter_lifted)
}
