import type { RoomState } from '@engineer-chat/client'
import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { getRoom } from '../../state/rooms/rooms.ts'

const SHOWN_MS = 5_000
const RECENT = 50

export function Typing({ event_id, user_id }: { event_id: string; user_id: string }): ReactNode {
  const t = useMessages()
  const people = usePeople(event_id)
  const [typing, setTyping] = useState<readonly string[]>([])
  useEffect(() => {
    const room = getRoom(event_id)
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    let seen = room.state.messages.at(-1)?.position ?? 0
    const end = (who: string | null) =>
      setTyping((all) => (all.some((one) => one === who) ? all.filter((one) => one !== who) : all))
    const begin = (who: string) => {
      if (who === user_id) return
      clearTimeout(timers.get(who))
      setTyping((all) => (all.includes(who) ? all : [...all, who]))
      timers.set(
        who,
        setTimeout(() => end(who), SHOWN_MS),
      )
    }
    /** The text that was being typed is there. */
    const arrived = ({ messages }: RoomState) => {
      for (const message of messages.slice(-RECENT)) if (message.position > seen) end(message.user_id)
      seen = Math.max(seen, messages.at(-1)?.position ?? 0)
    }
    const ends = [room.on('typing', begin), room.on('change', arrived)]
    return () => {
      for (const unlisten of ends) unlisten()
      for (const timer of timers.values()) clearTimeout(timer)
    }
  }, [event_id, user_id])
  return <p className="typing">{typing.length > 0 && t.typing(typing.map((id) => findName(people, id)).join(', '))}</p>
}
