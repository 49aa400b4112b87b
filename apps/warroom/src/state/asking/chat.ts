import { addMessages } from '@engineer-chat/client'
import type { ChatSession, EventSummary, Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { client } from '../people/sign-in.ts'
import { getRoom } from '../rooms/rooms.ts'

/** Holds the state of this person's chat with the AI in one event. */
export interface Chat {
  session: ChatSession | null
  sessions: readonly ChatSession[]
  summaries: readonly EventSummary[]
  rounds: number
  max_rounds: number
  /** A new session gets this visibility. */
  chosenVisibility: Visibility
}

const EMPTY_CHAT: Chat = {
  session: null,
  sessions: [],
  summaries: [],
  rounds: 0,
  max_rounds: 0,
  chosenVisibility: 'private',
}

const useChats = create<Record<string, Chat>>(() => ({}))

export const useChat = (event_id: string): Chat => useChats((chats) => chats[event_id] ?? EMPTY_CHAT)
export const getChat = (event_id: string): Chat => useChats.getState()[event_id] ?? EMPTY_CHAT

const updateChat = (event_id: string, changes: Partial<Chat>) =>
  useChats.setState((chats) => ({ [event_id]: { ...(chats[event_id] ?? EMPTY_CHAT), ...changes } }))

export async function loadChat(event_id: string): Promise<void> {
  const [{ items: sessions }, status] = await Promise.all([client.listSessions(event_id), client.getStatus(event_id)])
  const session = sessions.find((session) => session.active) ?? null
  updateChat(event_id, { session, sessions, rounds: status.rounds, max_rounds: status.max_rounds })
}

export async function loadSummaries(event_id: string): Promise<void> {
  const { items } = await client.listSummaries(event_id)
  updateChat(event_id, { summaries: items })
}

/** Returns the next question's visibility. The server refuses the question if its session has another by then. */
export const getVisibility = ({ session, chosenVisibility }: Chat): Visibility =>
  session?.visibility ?? chosenVisibility

export const isAtLimit = ({ session, rounds, max_rounds }: Chat): boolean =>
  session !== null && max_rounds > 0 && rounds >= max_rounds

/** Chooses the visibility of a session that doesn't exist yet. */
export const chooseVisibility = (event_id: string, chosenVisibility: Visibility): void =>
  updateChat(event_id, { chosenVisibility })

export async function startSession(event_id: string, visibility: Visibility, carry_over: boolean): Promise<void> {
  await client.createSession({ event_id, visibility, carry_over })
  await loadChat(event_id)
}

/** Loads the messages of a user's own session into the room. */
export async function loadSession(event_id: string, session_id: string): Promise<void> {
  const { messages } = await client.getHistory({ event_id, session_id, limit: 100 })
  getRoom(event_id).updateState((state) => addMessages(state, messages))
}

export async function share(event_id: string, session_id: string): Promise<void> {
  await client.shareSession(session_id)
  await loadChat(event_id)
}
