import type { ChatSession } from '@engineer-chat/protocol'
import {
  type ActiveSlot,
  findActiveSession,
  planSlotsAfterUse,
  type SlotChanges,
} from '../../../src/asking/active-sessions.ts'
import type { SessionStore } from '../../../src/asking/session-store.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { getRoom, getTimestamp, type MemoryData, type StoredSession } from '../memory-data.ts'
import { paginate, sortNewestFirst } from '../paginate.ts'
import { isUnfinished } from '../replying/session-replies.ts'

type NewSession = Parameters<SessionStore['create']>[0]

export function createMemorySessions(data: MemoryData): SessionStore {
  return {
    create: async (session) => {
      getRoom(data, session.event_id)
      const { carried_over, ...created } = session
      if (carried_over) data.carriedOver.set(session.session_id, carried_over)
      storeSession(data, created, null)
      const stored = getSession(data, session.session_id)
      setSlots(data, planSlotsAfterUse(listSessions(data, session.user_id, session.event_id), stored))
      return toChatSession(getSession(data, session.session_id))
    },
    async find(user_id, session_id) {
      const session = data.sessions.get(session_id)
      return session?.user_id === user_id ? toChatSession(session) : undefined
    },
    async findActive(user_id, event_id, visibility) {
      const active = findActiveSession(listSessions(data, user_id, event_id), visibility ?? null)
      return active && toChatSession(active)
    },
    async list(user_id, event_id, query) {
      return paginate(
        sortNewestFirst(listSessions(data, user_id, event_id).map(toChatSession), getSessionId),
        getSessionId,
        query,
      )
    },
    async countUnfinishedReplies(user_id, event_id) {
      const rows = data.rooms.get(event_id)?.rows ?? []
      return rows.filter((stored) => isUnfinished(stored) && stored.row.message.user_id === user_id).length
    },
  }
}

function getSession(data: MemoryData, session_id: string): StoredSession {
  const session = data.sessions.get(session_id)
  if (!session) throw new ChatError('session_not_found')
  return session
}

const getSessionId = (session: ChatSession): string => session.session_id

export function listSessions(data: MemoryData, user_id: string, event_id: string): StoredSession[] {
  return [...data.sessions.values()].filter((session) => session.user_id === user_id && session.event_id === event_id)
}

export function storeSession(data: MemoryData, session: NewSession, active_slot: ActiveSlot | null): void {
  const at = getTimestamp(data)
  const active = active_slot !== null
  data.sessions.set(session.session_id, { ...session, active, active_slot, rounds: 0, created_at: at, updated_at: at })
}

export function setSlots(data: MemoryData, changes: SlotChanges): void {
  for (const [session_id, active_slot] of changes) {
    const session = data.sessions.get(session_id)
    if (session) data.sessions.set(session_id, { ...session, active_slot, active: active_slot !== null })
  }
}

const toChatSession = ({ active_slot, ...session }: StoredSession): ChatSession => session
