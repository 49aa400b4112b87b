import { useEffect, useState } from 'react'
import { findLastRoom, rememberLastRoom } from '../../state/events/last-room.ts'
import { navigate, type Route, toEventHash } from '../../state/page/route.ts'
import { client } from '../../state/people/sign-in.ts'

/** Opens the room of the last visit if the address names no page and the person may still enter that room. */
export function useLastRoom(user_id: string, page: Route['page'], event_id: string): void {
  const [hasAddress] = useState(() => location.hash.length > 2)
  useEffect(() => {
    const last = hasAddress ? undefined : findLastRoom(user_id)
    if (last === undefined) return
    const hash = location.hash
    void client.getEvent(last).then(
      () => location.hash === hash && navigate(toEventHash(last)),
      () => {},
    )
  }, [user_id, hasAddress])
  useEffect(() => {
    if (page === 'event') rememberLastRoom(user_id, event_id)
  }, [user_id, page, event_id])
}
