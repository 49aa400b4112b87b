import { type ReactNode, useEffect, useState } from 'react'
import { useMessages } from '../../i18n/index.ts'
import { findName, usePeople } from '../../state/events/people.ts'
import { getRoom } from '../../state/rooms/rooms.ts'

const SHOWN_MS = 5_000

export function Typing({ event_id, user_id }: { event_id: string; user_id: string }): ReactNode {
  const t = useMessages()
  const people = usePeople(event_id)
  const [typing, setTyping] = useState<readonly string[]>([])
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const unlisten = getRoom(event_id).on('typing', (who) => {
      if (who === user_id) return
      clearTimeout(timers.get(who))
      setTyping((all) => (all.includes(who) ? all : [...all, who]))
      timers.set(
        who,
        setTimeout(() => setTyping((all) => all.filter((one) => one !== who)), SHOWN_MS),
      )
    })
    return () => {
      unlisten()
      for (const timer of timers.values()) clearTimeout(timer)
    }
  }, [event_id, user_id])
  return <p className="typing">{typing.length > 0 && t.typing(typing.map((id) => findName(people, id)).join(', '))}</p>
}
