import type { Person } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
import { toShortId } from '../people/short-id.ts'
import { client } from '../people/sign-in.ts'

/** Holds the people of each room. A former member is not among them: the page shows the end of their id, not a name. */
const usePeopleByEvent = create<Record<string, readonly Person[]>>(() => ({}))

/** Is always the same array, so that a component is not rendered again while the people load. */
const NOBODY: readonly Person[] = []

export const usePeople = (event_id: string): readonly Person[] =>
  usePeopleByEvent((peopleByEvent) => peopleByEvent[event_id] ?? NOBODY)

export function findName(people: readonly Person[], user_id: string): string {
  return people.find((person) => person.user_id === user_id)?.username ?? toShortId(user_id)
}

const registerLoad = createLoadOrder()

export async function loadPeople(event_id: string): Promise<void> {
  const isNewestResult = registerLoad(event_id)
  const people: Person[] = []
  let cursor: string | null = null
  do {
    const page = await client.listPeople(event_id, cursor === null ? {} : { cursor })
    people.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  if (!isNewestResult()) return
  usePeopleByEvent.setState({ [event_id]: people })
  const waitingIds = idsBeforeFirstLoad.get(event_id)
  idsBeforeFirstLoad.delete(event_id)
  if (waitingIds) loadUnknownPeople(event_id, waitingIds)
}

/** Holds the ids without a name for which the people were loaded again. */
const requestedIds = new Set<string>()

/**
 * Holds, for each event whose people are not loaded yet, the ids that were last passed to `loadUnknownPeople`. The
 * person of an id may have joined after the server answered the first load.
 */
const idsBeforeFirstLoad = new Map<string, readonly string[]>()

/** Loads the names again if one of the ids has no name yet. After a successful load, an id causes no further load. */
export function loadUnknownPeople(event_id: string, user_ids: readonly string[]): void {
  const knownPeople = usePeopleByEvent.getState()[event_id]
  if (knownPeople === undefined) {
    idsBeforeFirstLoad.set(event_id, user_ids)
    return
  }
  const unknownIds = user_ids.filter(
    (id) => !requestedIds.has(id) && !knownPeople.some(({ user_id }) => user_id === id),
  )
  if (unknownIds.length === 0) return
  for (const id of unknownIds) requestedIds.add(id)
  void loadPeople(event_id).catch(() => {
    for (const id of unknownIds) requestedIds.delete(id)
  })
}
