import { addMessages } from '@engineer-chat/client'
import type { ChatSession, EventSummary, Visibility } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { createLoadOrder } from '../page/load-order.ts'
import { client } from '../people/sign-in.ts'
import { getRoom } from '../rooms/rooms.ts'

/** Holds what is loaded for this person's chat with the AI in one event: their sessions, and the agents' summaries. */
export interface Chat {
  sessions: readonly ChatSession[]
  summaries: readonly EventSummary[]
  /** Holds the maximum number of rounds of a session; 0 until it has loaded. */
  max_rounds: number
}

const EMPTY_CHAT: Chat = {
  sessions: [],
  summaries: [],
  max_rounds: 0,
}

const useChats = create<Record<string, Chat>>(() => ({}))

export const useChat = (event_id: string): Chat => useChats((chats) => chats[event_id] ?? EMPTY_CHAT)
export const getChat = (event_id: string): Chat => useChats.getState()[event_id] ?? EMPTY_CHAT

const updateChat = (event_id: string, changes: Partial<Chat>) =>
  useChats.setState((chats) => ({ [event_id]: { ...(chats[event_id] ?? EMPTY_CHAT), ...changes } }))

const registerChatLoad = createLoadOrder()
const registerSummariesLoad = createLoadOrder()

export async function loadChat(event_id: string): Promise<void> {
  const isNewestResult = registerChatLoad(event_id)
  const [{ items: sessions }, status] = await Promise.all([client.listSessions(event_id), client.getStatus(event_id)])
  if (isNewestResult()) updateChat(event_id, { sessions, max_rounds: status.max_rounds })
}

export async function loadSummaries(event_id: string): Promise<void> {
  const isNewestResult = registerSummariesLoad(event_id)
  const { items } = await client.listSummaries(event_id)
  if (isNewestResult()) updateChat(event_id, { summaries: items })
}

/** Finds the session that the next question with this visibility goes to. If there is none, the server starts one. */
export const findActiveSession = ({ sessions }: Chat, visibility: Visibility): ChatSession | undefined =>
  sessions.find((session) => session.active && session.visibility === visibility)

export function isAtRoundLimit(chat: Chat, visibility: Visibility): boolean {
  const session = findActiveSession(chat, visibility)
  return session !== undefined && chat.max_rounds > 0 && session.rounds >= chat.max_rounds
}

export async function startSession(event_id: string, visibility: Visibility, carry_over: boolean): Promise<void> {
  await client.createSession({ event_id, visibility, carry_over })
  await loadChat(event_id)
}

/** Loads the messages of one of the user's own sessions into the room. */
export async function loadSession(event_id: string, session_id: string): Promise<void> {
  const { messages } = await client.getHistory({ event_id, session_id, limit: 100 })
  getRoom(event_id).updateState((state) => addMessages(state, messages))
}

export async function shareSession(event_id: string, session_id: string): Promise<void> {
  await client.shareSession(session_id)
  await loadChat(event_id)
}
