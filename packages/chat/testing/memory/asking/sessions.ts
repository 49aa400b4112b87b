import type { ChatSession } from '@engineer-chat/protocol'
import {
  type ActiveSlot,
  findActiveSession,
  planSlotsAfterUse,
  type SlotChanges,
} from '../../../src/asking/active-sessions.ts'
import type { SessionStore } from '../../../src/asking/session-store.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import { paginate, sortNewestFirst } from '../paginate.ts'
import { isUnfinished } from '../replying/session-replies.ts'
import { getRoom, getTimestamp, type StoredSession, type World } from '../world.ts'

type NewSession = Parameters<SessionStore['create']>[0]

export function createMemorySessions(world: World): SessionStore {
  return {
    create: async (session) => {
      getRoom(world, session.event_id)
      const { carried_over, ...created } = session
      if (carried_over) world.carriedOver.set(session.session_id, carried_over)
      storeSession(world, created, null)
      const stored = getSession(world, session.session_id)
      setSlots(world, planSlotsAfterUse(listSessions(world, session.user_id, session.event_id), stored))
      return toChatSession(getSession(world, session.session_id))
    },
    async find(user_id, session_id) {
      const session = world.sessions.get(session_id)
      return session?.user_id === user_id ? toChatSession(session) : undefined
    },
    async findActive(user_id, event_id, visibility) {
      const active = findActiveSession(listSessions(world, user_id, event_id), visibility ?? null)
      return active && toChatSession(active)
    },
    async list(user_id, event_id, query) {
      return paginate(
        sortNewestFirst(listSessions(world, user_id, event_id).map(toChatSession), getSessionId),
        getSessionId,
        query,
      )
    },
    async countPendingReplies(user_id, event_id) {
      const rows = world.rooms.get(event_id)?.rows ?? []
      return rows.filter((stored) => isUnfinished(stored) && stored.row.message.user_id === user_id).length
    },
  }
}

function getSession(world: World, session_id: string): StoredSession {
  const session = world.sessions.get(session_id)
  if (!session) throw new ChatError('session_not_found')
  return session
}

const getSessionId = (session: ChatSession): string => session.session_id

export function listSessions(world: World, user_id: string, event_id: string): StoredSession[] {
  return [...world.sessions.values()].filter((one) => one.user_id === user_id && one.event_id === event_id)
}

export function storeSession(world: World, session: NewSession, active_slot: ActiveSlot | null): void {
  const at = getTimestamp(world)
  const active = active_slot !== null
  world.sessions.set(session.session_id, { ...session, active, active_slot, rounds: 0, created_at: at, updated_at: at })
}

export function setSlots(world: World, changes: SlotChanges): void {
  for (const [session_id, active_slot] of changes) {
    const session = world.sessions.get(session_id)
    if (session) world.sessions.set(session_id, { ...session, active_slot, active: active_slot !== null })
  }
}

const toChatSession = ({ active_slot, ...session }: StoredSession): ChatSession => session
