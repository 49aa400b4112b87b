import type { Person } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from './session.ts'

/** Names of those who may be in a room. An id without one (a former member) is shown as the id's beginning. */
const usePeople = create<Record<string, readonly Person[]>>(() => ({}))

const NOBODY: readonly Person[] = []

export const usePeopleOf = (event_id: string): readonly Person[] => usePeople((all) => all[event_id] ?? NOBODY)

export function nameOf(people: readonly Person[], user_id: string): string {
  return people.find((person) => person.user_id === user_id)?.username ?? user_id.slice(0, 8)
}

export async function loadPeople(event_id: string): Promise<void> {
  const people: Person[] = []
  let cursor: string | null = null
  do {
    const page = await client.people(event_id, cursor === null ? {} : { cursor })
    people.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  usePeople.setState({ [event_id]: people })
}
