import { findMessage } from '@engineer-chat/client'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { getMessages } from '../../i18n/index.ts'
import { showToast } from '../../state/page/toasts.ts'
import { removeFilterThatHides } from '../../state/rooms/room-filter.ts'
import { getRoom, showMessage } from '../../state/rooms/rooms.ts'
import type { TimelineRow } from '../../state/rooms/timeline-rows.ts'
import { announce } from '../parts/announcer.tsx'

/** The row to which a link has led is highlighted for this time. */
const JUMP_TARGET_MS = 2_500

interface Options {
  rows: TimelineRow[]
  event_id: string
  message_id: string
  /** Changes with each navigation, so that the same link can be followed again. */
  navigationCount: number
  isLoaded: boolean
  goTo(index: number): void
}

/** Scrolls to the message that the URL names, however old it is. Returns the key of the row to highlight. */
export function useJump({ rows, event_id, message_id, navigationCount, isLoaded, goTo }: Options): string | undefined {
  const [jumpTargetKey, setJumpTargetKey] = useState<string>()
  const handledNavigation = useRef(-1)
  const index = message_id === '' ? -1 : rows.findIndex((row) => row.key === message_id)

  useEffect(() => {
    if (message_id === '' || !isLoaded || handledNavigation.current === navigationCount) return
    let isCurrent = true
    void showMessage(event_id, message_id).then(
      (result) => {
        if (!isCurrent) return
        if (result === 'shown') return showDespiteFilter(event_id, message_id)
        // The list does not jump when the reader scrolls to this message later.
        handledNavigation.current = navigationCount
        if (result === 'not_there') showToast(getMessages().message_not_there, 'bad')
      },
      () => {
        if (!isCurrent) return
        handledNavigation.current = navigationCount
        showToast(getMessages().errorText.unreachable.cause, 'bad')
      },
    )
    return () => {
      isCurrent = false
    }
  }, [event_id, message_id, navigationCount, isLoaded])

  useLayoutEffect(() => {
    if (index < 0 || handledNavigation.current === navigationCount) return
    handledNavigation.current = navigationCount
    goTo(index)
    setJumpTargetKey(message_id)
  }, [index, message_id, navigationCount, goTo])

  useEffect(() => {
    if (jumpTargetKey === undefined) return
    const timer = setTimeout(() => setJumpTargetKey(undefined), JUMP_TARGET_MS)
    return () => clearTimeout(timer)
  }, [jumpTargetKey])
  return jumpTargetKey
}

/** Removes the room's filter if it hides the message, and announces that it was removed. */
function showDespiteFilter(event_id: string, message_id: string): void {
  const message = findMessage(getRoom(event_id).state, message_id)
  if (message && removeFilterThatHides(event_id, message)) announce(getMessages().filter_lifted)
}
