import { useEffect } from 'react'
import { useEvents } from '../../state/events/events.ts'
import { findName, loadPeople, usePeople } from '../../state/events/people.ts'

/**
 * Returns a function that finds the names of the people of an event. Without an event, for the documents that everybody
 * may read, it finds the names of the people of an event that every engineer may read.
 */
export function useNameFinder(event_id: string | undefined): (user_id: string) => string {
  const openEventId = useEvents(({ events }) => events.find(({ access }) => access === 'open')?.event_id)
  const peopleEventId = event_id ?? openEventId ?? ''
  const people = usePeople(peopleEventId)
  const needsLoad = peopleEventId !== '' && people.length === 0
  useEffect(() => {
    if (needsLoad) void loadPeople(peopleEventId).catch(() => {})
  }, [peopleEventId, needsLoad])
  return (user_id) => findName(people, user_id)
}
