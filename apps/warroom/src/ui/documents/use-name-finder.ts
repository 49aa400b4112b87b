import { useEffect } from 'react'
import { useEvents } from '../../state/events/events.ts'
import { findName, loadPeople, usePeople } from '../../state/events/people.ts'

/**
 * Returns a function that finds the names of people of an event. For documents of everybody, these are the people of an
 * event that every engineer may read.
 */
export function useNameFinder(event_id: string | undefined): (user_id: string) => string {
  const openEventId = useEvents(({ events }) => events.find(({ access }) => access === 'open')?.event_id)
  const sourceEventId = event_id ?? openEventId ?? ''
  const people = usePeople(sourceEventId)
  const needsLoad = sourceEventId !== '' && people.length === 0
  useEffect(() => {
    if (needsLoad) void loadPeople(sourceEventId).catch(() => {})
  }, [sourceEventId, needsLoad])
  return (user_id) => findName(people, user_id)
}
