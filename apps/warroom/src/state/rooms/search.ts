import { addMessages } from '@engineer-chat/client'
import type { AgentName, Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { client } from '../people/sign-in.ts'
import { getRoom } from './rooms.ts'

/** Holds a search of a room's messages. The server searches one range of positions per request, the newest first. */
export interface Search {
  event_id: string
  text: string
  results: readonly Message[]
  /** The search continues before this position; null once it has reached the beginning. */
  nextBefore: number | null
  isBusy: boolean
  errorKind: ErrorKind | null
}

const EMPTY_SEARCH: Search = { event_id: '', text: '', results: [], nextBefore: null, isBusy: false, errorKind: null }
const PAGE_SIZE = 50
const TYPING_PAUSE_MS = 250
/** After this many ranges without a match, the page offers a button to search further. */
const MAX_RANGES = 4

export const useSearch = create<Search>(() => EMPTY_SEARCH)

let typingTimer: ReturnType<typeof setTimeout> | undefined
/** Identifies the newest search. A response to an earlier search is ignored, even if both have the same text. */
let currentSearchId = 0

/** Starts a new search once the reader stops typing. */
export function searchFor(event_id: string, text: string): void {
  clearTimeout(typingTimer)
  currentSearchId += 1
  const isEmpty = text.trim() === ''
  useSearch.setState({ ...EMPTY_SEARCH, event_id, text, isBusy: !isEmpty })
  if (!isEmpty) typingTimer = setTimeout(() => void searchOlder(), TYPING_PAUSE_MS)
}

/** Searches older ranges until one has a match, or until MAX_RANGES have been searched. */
export async function searchOlder(): Promise<void> {
  const { event_id, text } = useSearch.getState()
  const searchId = currentSearchId
  const isCurrent = () => searchId === currentSearchId
  useSearch.setState({ isBusy: true, errorKind: null })
  try {
    for (let rangeCount = 0; rangeCount < MAX_RANGES; rangeCount += 1) {
      const before = useSearch.getState().nextBefore
      const page = await client.searchMessages(event_id, {
        q: text.trim(),
        limit: PAGE_SIZE,
        ...(before !== null && { before }),
      })
      if (!isCurrent()) return
      useSearch.setState(({ results }) => ({ results: [...results, ...page.messages], nextBefore: page.next_before }))
      if (page.next_before === null || page.messages.length > 0) break
    }
    useSearch.setState({ isBusy: false })
  } catch (error) {
    if (isCurrent()) useSearch.setState({ isBusy: false, errorKind: toErrorKind(error) })
  }
}

/** Holds for each event and agent the position before which messages are not loaded; null if all are loaded. */
const useHistoryPositions = create<Record<string, number | null>>(() => ({}))

const toHistoryKey = (event_id: string, agent: AgentName) => `${event_id}/${agent}`

/**
 * Returns the position before which the agent's messages are not loaded; null if all are loaded, undefined until the
 * first page has loaded.
 */
export const useAgentHistoryPosition = (event_id: string, agent: AgentName): number | null | undefined =>
  useHistoryPositions((positions) => positions[toHistoryKey(event_id, agent)])

/** Loads the next older page of an agent's messages into the room. */
export async function loadAgentHistory(event_id: string, agent: AgentName): Promise<void> {
  const key = toHistoryKey(event_id, agent)
  const before = useHistoryPositions.getState()[key]
  if (before === null) return
  const page = await client.searchMessages(event_id, {
    from: agent,
    limit: PAGE_SIZE,
    ...(before !== undefined && { before }),
  })
  // If a reset during the request has dropped the earlier pages, the history is loaded again from its newest page.
  if (useHistoryPositions.getState()[key] !== before) return
  getRoom(event_id).updateState((state) => addMessages(state, page.messages))
  useHistoryPositions.setState({ [key]: page.next_before })
}

/** Forgets the positions of an event's agents, because a reset has dropped the room's messages. */
export const forgetAgentHistories = (event_id: string): void =>
  useHistoryPositions.setState(
    (positions) => Object.fromEntries(Object.entries(positions).filter(([key]) => !key.startsWith(`${event_id}/`))),
    true,
  )
