import type { RoomState } from '@engineer-chat/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { getRoom } from '../../state/rooms/rooms.ts'

/** A name disappears after this time without a new sign that the person is typing. */
const SHOWN_MS = 5_000
/** Only this number of the newest messages is searched, because the search runs at each change of the room. */
const MAX_SEARCHED_MESSAGES = 50

/** Shows who is typing in the room, except the reader. */
export function Typing({ event_id, user_id }: { event_id: string; user_id: string }): ReactNode {
  const t = useMessages()
  const people = usePeople(event_id)
  const [typingIds, setTypingIds] = useState<readonly string[]>([])
  useEffect(() => {
    const room = getRoom(event_id)
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    let newestPosition = room.state.messages.at(-1)?.position ?? 0
    const hide = (typing_user_id: string | null) =>
      setTypingIds((ids) => {
        const otherIds = ids.filter((id) => id !== typing_user_id)
        return otherIds.length === ids.length ? ids : otherIds // The same array causes no rendering.
      })
    const show = (typing_user_id: string) => {
      if (typing_user_id === user_id) return
      clearTimeout(timers.get(typing_user_id))
      setTypingIds((ids) => (ids.includes(typing_user_id) ? ids : [...ids, typing_user_id]))
      timers.set(
        typing_user_id,
        setTimeout(() => hide(typing_user_id), SHOWN_MS),
      )
    }
    /** Hides the senders of new messages, because they have stopped typing. */
    const hideSenders = ({ messages }: RoomState) => {
      for (const message of messages.slice(-MAX_SEARCHED_MESSAGES))
        if (message.position > newestPosition) hide(message.user_id)
      newestPosition = Math.max(newestPosition, messages.at(-1)?.position ?? 0)
    }
    const unsubscribes = [room.on('typing', show), room.on('change', hideSenders)]
    return () => {
      for (const unsubscribe of unsubscribes) unsubscribe()
      for (const timer of timers.values()) clearTimeout(timer)
    }
  }, [event_id, user_id])
  return (
    <p className="typing">{typingIds.length > 0 && t.typing(typingIds.map((id) => findName(people, id)).join(', '))}</p>
  )
}
