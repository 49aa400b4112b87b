import { useEffect, useState } from 'react'
import { findLastRoom, rememberLastRoom } from '../../state/events/last-room.ts'
import { navigate, type Route, toEventHash } from '../../state/page/route.ts'
import { client } from '../../state/people/sign-in.ts'

/** Opens the room that the person last opened in this browser, if the URL names no page and they may still read it. */
export function useLastRoom(user_id: string, page: Route['page'], event_id: string): void {
  // The URL of the start page ends with `#/` or has no hash.
  const [doesUrlNamePage] = useState(() => location.hash.length > '#/'.length)
  useEffect(() => {
    const lastEventId = doesUrlNamePage ? undefined : findLastRoom(user_id)
    if (lastEventId === undefined) return
    const initialHash = location.hash
    void client.getEvent(lastEventId).then(
      () => {
        // While the request ran, the user may have opened another page.
        if (location.hash === initialHash) navigate(toEventHash(lastEventId))
      },
      () => {}, // If the person may no longer read the event, the start page stays.
    )
  }, [user_id, doesUrlNamePage])
  useEffect(() => {
    if (page === 'event') rememberLastRoom(user_id, event_id)
  }, [user_id, page, event_id])
}
