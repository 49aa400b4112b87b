import { create } from 'zustand'
import { client } from '../people/sign-in.ts'

/** Holds the names of an event's commanders, after a user who may read the event has requested them. */
const useCommandersByEvent = create<Record<string, readonly string[]>>(() => ({}))

const NO_NAMES: readonly string[] = []

export const useCommanders = (event_id: string): readonly string[] =>
  useCommandersByEvent((all) => all[event_id] ?? NO_NAMES)

export async function loadCommanders(event_id: string): Promise<void> {
  const names: string[] = []
  let cursor: string | null = null
  do {
    const page = await client.listMembers(event_id, cursor === null ? {} : { cursor })
    names.push(...page.items.filter(({ role }) => role === 'commander').map(({ username }) => username))
    cursor = page.next_cursor
  } while (cursor !== null)
  useCommandersByEvent.setState({ [event_id]: names })
}
