import { useEffect } from 'react'
import { useEvents } from '../../state/events/events.ts'
import { findName, loadPeople, usePeople } from '../../state/events/people.ts'

/**
 * Finds names among the people of an event. For documents of everybody, it uses an event that every engineer may enter.
 */
export function useNameFinder(event_id: string | undefined): (user_id: string) => string {
  const openEventId = useEvents(({ events }) => events.find(({ access }) => access === 'open')?.event_id)
  const sourceEventId = event_id ?? openEventId ?? ''
  const people = usePeople(sourceEventId)
  const isMissing = sourceEventId !== '' && people.length === 0
  useEffect(() => {
    if (isMissing) void loadPeople(sourceEventId).catch(() => {})
  }, [sourceEventId, isMissing])
  return (user_id) => findName(people, user_id)
}
