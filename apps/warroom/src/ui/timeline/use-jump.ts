import { messageById } from '@engineer-chat/client'
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import { say } from '../../i18n/index.ts'
import { loadUntil } from '../../state/rooms.ts'
import type { Row } from '../../state/rows.ts'
import { toast } from '../../state/toasts.ts'

const MARKED_MS = 2_500

interface Options {
  list: RefObject<VListHandle | null>
  rows: Row[]
  event_id: string
  message_id: string
  leave(): void
}

/** Goes to the message that the link names, loading what is older until it is there. Gives the row to mark. */
export function useJump({ list, rows, event_id, message_id, leave }: Options): string | undefined {
  const [marked, setMarked] = useState<string>()
  const done = useRef('')
  const ready = rows.some((row) => row.kind === 'message')
  const index = message_id === '' ? -1 : rows.findIndex((row) => row.key === message_id)

  useEffect(() => {
    if (message_id === '' || !ready) return
    void loadUntil(event_id, (room) => messageById(room, message_id) !== undefined)
      .catch(() => false)
      .then((found) => found || toast(say().message_not_there, 'bad'))
  }, [event_id, message_id, ready])

  useEffect(() => {
    if (index < 0 || done.current === message_id) return
    done.current = message_id
    leave()
    list.current?.scrollToIndex(index, { align: 'center' })
    setMarked(message_id)
    const timer = setTimeout(() => setMarked(undefined), MARKED_MS)
    return () => clearTimeout(timer)
  }, [index, message_id, list, leave])
  return marked
}
