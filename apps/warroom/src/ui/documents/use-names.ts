import { useEffect } from 'react'
import { useEvents } from '../../state/events/events.ts'
import { findName, loadPeople, usePeople } from '../../state/events/people.ts'

/** Finds the names of people by the room of an event. For everybody's documents an event that is open to all names them. */
export function useNames(event_id: string | undefined): (user_id: string) => string {
  const open = useEvents(({ events }) => events.find(({ access }) => access === 'open')?.event_id)
  const room = event_id ?? open ?? ''
  const people = usePeople(room)
  const isMissing = room !== '' && people.length === 0
  useEffect(() => {
    if (isMissing) void loadPeople(room).catch(() => {})
  }, [room, isMissing])
  return (user_id) => findName(people, user_id)
}
