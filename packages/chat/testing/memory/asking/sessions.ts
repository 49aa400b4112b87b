import type { ChatSession } from '@engineer-chat/protocol'
import type { SessionStore } from '../../../src/asking/session-store.ts'
import { paginate, sortNewestFirst } from '../paginate.ts'
import { isUnfinished } from '../replying/session-replies.ts'
import { getRoom, getTimestamp, type World } from '../world.ts'

type NewSession = Parameters<SessionStore['create']>[0]

export function createMemorySessions(world: World): SessionStore {
  return {
    create: async (session) => {
      getRoom(world, session.event_id)
      const { carried_over, ...created } = session
      if (carried_over) world.carriedOver.set(session.session_id, carried_over)
      return storeActiveSession(world, created)
    },
    async find(user_id, session_id) {
      const session = world.sessions.get(session_id)
      return session?.user_id === user_id ? session : undefined
    },
    findActive: async (user_id, event_id) => findActiveSession(world, user_id, event_id),
    async list(user_id, event_id, query) {
      return paginate(sortNewestFirst(listSessions(world, user_id, event_id), getSessionId), getSessionId, query)
    },
    async countPendingReplies(user_id, event_id) {
      const rows = world.rooms.get(event_id)?.rows ?? []
      return rows.filter((stored) => isUnfinished(stored) && stored.row.message.user_id === user_id).length
    },
  }
}

const getSessionId = (session: ChatSession): string => session.session_id

function listSessions(world: World, user_id: string, event_id: string): ChatSession[] {
  return [...world.sessions.values()].filter((one) => one.user_id === user_id && one.event_id === event_id)
}

export function findActiveSession(world: World, user_id: string, event_id: string): ChatSession | undefined {
  return listSessions(world, user_id, event_id).find((session) => session.active)
}

/** Stores a session as the user's active one of the event. */
export function storeActiveSession(world: World, session: NewSession): ChatSession {
  const previous = findActiveSession(world, session.user_id, session.event_id)
  if (previous) world.sessions.set(previous.session_id, { ...previous, active: false })
  const at = getTimestamp(world)
  const created = { ...session, active: true, rounds: 0, created_at: at, updated_at: at }
  world.sessions.set(session.session_id, created)
  return created
}
