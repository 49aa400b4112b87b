import { addMessages } from '@engineer-chat/client'
import type { AgentName, Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { client } from '../people/session.ts'
import { getRoom } from './rooms.ts'

/** What was looked for, and how far. */
export interface Search {
  event_id: string
  text: string
  found: readonly Message[]
  /** Where to go on; null: that is all. */
  next: number | null
  busy: boolean
  trouble: ErrorKind | null
}

const NOTHING: Search = { event_id: '', text: '', found: [], next: null, busy: false, trouble: null }
const WAIT_MS = 250
/** So many stretches are searched before the reader is asked whether to go on. */
const STRETCHES = 4

export const useSearch = create<Search>(() => NOTHING)

let timer: ReturnType<typeof setTimeout> | undefined

/** Once nobody types any more. */
export function searchFor(event_id: string, text: string): void {
  clearTimeout(timer)
  const isNothing = text.trim() === ''
  useSearch.setState({ ...NOTHING, event_id, text, busy: !isNothing })
  if (!isNothing) timer = setTimeout(() => void searchFurther(), WAIT_MS)
}

/** Back to where something was found, or for a while. */
export async function searchFurther(): Promise<void> {
  const { event_id, text } = useSearch.getState()
  const isStill = () => useSearch.getState().event_id === event_id && useSearch.getState().text === text
  useSearch.setState({ busy: true, trouble: null })
  try {
    for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
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

/** What one agent said, by event and agent: where to go on, null if that was all. */
const useRoles = create<Record<string, number | null>>(() => ({}))

const toKey = (event_id: string, role: AgentName) => `${event_id}/${role}`

/** Undefined: nobody has asked yet. */
export const useRole = (event_id: string, role: AgentName): number | null | undefined =>
  useRoles((all) => all[toKey(event_id, role)])

/** A page of what an agent said, put among the room's messages. */
export async function loadRole(event_id: string, role: AgentName): Promise<void> {
  const key = toKey(event_id, role)
  const before = useRoles.getState()[key]
  if (before === null) return
  const page = await client.search(event_id, { from: role, limit: 50, ...(before !== undefined && { before }) })
  getRoom(event_id).change((state) => addMessages(state, page.messages))
  useRoles.setState({ [key]: page.next_before })
}

/** The room has begun anew: what was read of it is gone. */
export const forgetRoles = (event_id: string): void =>
  useRoles.setState(
    (all) => Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith(`${event_id}/`))),
    true,
  )
