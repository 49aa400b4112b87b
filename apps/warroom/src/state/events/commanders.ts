import { create } from 'zustand'
import { client } from '../people/session.ts'

/** Holds the names of an event's commanders, after a user who may read the event has requested them. */
const useByEvent = create<Record<string, readonly string[]>>(() => ({}))

const UNKNOWN: readonly string[] = []

export const useCommanders = (event_id: string): readonly string[] => useByEvent((all) => all[event_id] ?? UNKNOWN)

export async function loadCommanders(event_id: string): Promise<void> {
  const names: string[] = []
  let cursor: string | null = null
  do {
    const page = await client.members(event_id, cursor === null ? {} : { cursor })
    names.push(...page.items.filter(({ role }) => role === 'commander').map(({ username }) => username))
    cursor = page.next_cursor
  } while (cursor !== null)
  useByEvent.setState({ [event_id]: names })
}
