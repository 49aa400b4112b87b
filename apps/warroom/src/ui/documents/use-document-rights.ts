import { useEffect } from 'react'
import { type EventRights, findEventRights, loadMembers, useMembers } from '../../state/events/members.ts'
import { useSignIn } from '../../state/people/sign-in.ts'

interface DocumentRights extends Pick<EventRights, 'mayManage'> {
  /** Undefined means that the members of the event have not loaded yet. */
  mayWrite: boolean | undefined
}

const UNKNOWN_RIGHTS: DocumentRights = { mayWrite: undefined, mayManage: false }

/**
 * Decides which changes the page offers for the documents of an event, or, without an event, for the documents that
 * everybody may read. The server checks each request.
 */
export function useDocumentRights(event_id: string | undefined): DocumentRights {
  const user = useSignIn((state) => state.user)
  const members = useMembers(event_id ?? '')
  useEffect(() => {
    if (event_id !== undefined) void loadMembers(event_id).catch(() => {})
  }, [event_id])
  if (user === null) return UNKNOWN_RIGHTS
  if (event_id === undefined) return { mayWrite: user.role !== 'agent', mayManage: user.role === 'admin' }
  if (members === undefined) return UNKNOWN_RIGHTS
  const { mayAsk, mayManage } = findEventRights(user, members)
  return { mayWrite: mayAsk, mayManage }
}
