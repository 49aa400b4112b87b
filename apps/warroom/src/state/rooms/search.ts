import { addMessages } from '@engineer-chat/client'
import type { AgentName, Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { client } from '../people/session.ts'
import { getRoom } from './rooms.ts'

/** Holds the text of the search, and the position that it has reached. */
export interface Search {
  event_id: string
  text: string
  found: readonly Message[]
  /** The search continues before this position; null once it has reached the beginning. */
  next: number | null
  busy: boolean
  trouble: ErrorKind | null
}

const NOTHING: Search = { event_id: '', text: '', found: [], next: null, busy: false, trouble: null }
const WAIT_MS = 250
/** The reader is asked whether to go on after this many ranges without a match. */
const MAX_RANGES = 4

export const useSearch = create<Search>(() => NOTHING)

let timer: ReturnType<typeof setTimeout> | undefined

/** Searches once the reader stops typing. */
export function searchFor(event_id: string, text: string): void {
  clearTimeout(timer)
  const isNothing = text.trim() === ''
  useSearch.setState({ ...NOTHING, event_id, text, busy: !isNothing })
  if (!isNothing) timer = setTimeout(() => void searchFurther(), WAIT_MS)
}

/** Searches further back until something is found, or MAX_RANGES have been searched. */
export async function searchFurther(): Promise<void> {
  const { event_id, text } = useSearch.getState()
  const isStill = () => useSearch.getState().event_id === event_id && useSearch.getState().text === text
  useSearch.setState({ busy: true, trouble: null })
  try {
    for (let range = 0; range < MAX_RANGES; range += 1) {
      const before = useSearch.getState().next
      const page = await client.search(event_id, { q: text.trim(), limit: 50, ...(before !== null && { before }) })
      if (!isStill()) return
      useSearch.setState(({ found }) => ({ found: [...found, ...page.messages], next: page.next_before }))
      if (page.next_before === null || page.messages.length > 0) break
    }
    useSearch.setState({ busy: false })
  } catch (error) {
    if (isStill()) useSearch.setState({ busy: false, trouble: toErrorKind(error) })
  }
}

/** By event and agent, the history of an agent continues before this position; null once all of it is loaded. */
const useRoles = create<Record<string, number | null>>(() => ({}))

const toKey = (event_id: string, role: AgentName) => `${event_id}/${role}`

/** Returns undefined until the agent's history was requested. */
export const useRole = (event_id: string, role: AgentName): number | null | undefined =>
  useRoles((all) => all[toKey(event_id, role)])

/** Loads a page of an agent's messages into the room. */
export async function loadRole(event_id: string, role: AgentName): Promise<void> {
  const key = toKey(event_id, role)
  const before = useRoles.getState()[key]
  if (before === null) return
  const page = await client.search(event_id, { from: role, limit: 50, ...(before !== undefined && { before }) })
  getRoom(event_id).change((state) => addMessages(state, page.messages))
  useRoles.setState({ [key]: page.next_before })
}

/** Forgets an event's positions, because a reset has dropped the messages. */
export const forgetRoles = (event_id: string): void =>
  useRoles.setState(
    (all) => Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith(`${event_id}/`))),
    true,
  )
