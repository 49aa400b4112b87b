import type { AuditRecord } from '@engineer-chat/protocol'
import type { RetentionStore } from '../../../src/operations/retention-store.ts'
import { setSlots } from '../asking/sessions.ts'
import { getRoom, type World } from '../world.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const getTimeBefore = (world: World, ms: number): string => new Date(world.now() - ms).toISOString()

const hasUnfinishedReply = (world: World, session_id: string): boolean =>
  [...world.messages.values()].some(
    ({ row, reply }) => row.message.chat_session_id === session_id && reply?.due_at != null,
  )

export function createMemoryRetention(world: World): RetentionStore {
  const isExpired = (one: { expires_at: number }) => one.expires_at <= world.now()
  return {
    async removeExpired(limit) {
      const tickets = removeWhere(world.tickets, isExpired, limit)
      const tokens = removeWhere(world.tokens, isExpired, limit)
      const alive = new Set([...world.tokens.values()].map((token) => token.sign_in_id))
      return tickets + tokens + removeWhere(world.signIns, (_, sign_in_id) => !alive.has(sign_in_id), limit)
    },
    async removeSpend(olderThanDays, limit) {
      const first = getTimeBefore(world, olderThanDays * DAY_MS).slice(0, 10)
      return removeWhere(world.spend, (_, id) => /\d{4}-\d\d-\d\d$/.test(id) && id.slice(-10) < first, limit)
    },
    async removeAudit(olderThanDays, limit) {
      const oldAt = getTimeBefore(world, olderThanDays * DAY_MS)
      const isOld = ({ at, event_id }: AuditRecord) => at < oldAt && !world.holds.has(event_id ?? '')
      const old = new Set(world.auditLines.filter(isOld).slice(0, limit))
      world.auditLines = world.auditLines.filter((record) => !old.has(record))
      return old.size
    },
    async closeIdleSessions(idleHours, limit) {
      const idle = getTimeBefore(world, idleHours * HOUR_MS)
      const found = [...world.sessions.values()].filter(({ active, updated_at }) => active && updated_at < idle)
      for (const session of found.slice(0, limit)) setSlots(world, new Map([[session.session_id, null]]))
      return Math.min(found.length, limit)
    },
    removeChats: async (olderThanDays, limit) => removeChats(world, olderThanDays * DAY_MS, limit),
    removeRecords: async (olderThanDays, limit) => removeRecords(world, olderThanDays * DAY_MS, limit),
    async addLegalHold(event_id) {
      world.holds.add(event_id)
    },
    async removeLegalHold(event_id) {
      world.holds.delete(event_id)
    },
    listLegalHolds: async () => [...world.holds].sort(),
  }
}

function removeChats(world: World, ageMs: number, limit: number): number {
  const old = getTimeBefore(world, ageMs)
  const found = [...world.sessions.values()].filter(
    (session) =>
      session.updated_at < old && !world.holds.has(session.event_id) && !hasUnfinishedReply(world, session.session_id),
  )
  for (const { session_id, event_id, user_id } of found.slice(0, limit)) {
    const room = getRoom(world, event_id)
    for (const { row } of room.rows) {
      const { chat_session_id, position } = row.message
      if (chat_session_id === session_id) world.indicators.get(event_id)?.rows.delete(position)
    }
    room.rows = room.rows.filter(({ row }) => row.message.chat_session_id !== session_id)
    for (const [id, { row }] of world.messages) {
      if (row.message.chat_session_id === session_id) world.messages.delete(id)
    }
    world.sessions.delete(session_id)
    const mark = room.read.get(user_id)
    if (mark && !mark.muted && mark.at < world.now() - ageMs) room.read.delete(user_id)
  }
  return Math.min(found.length, limit)
}

function removeRecords(world: World, ageMs: number, limit: number): number {
  const old = getTimeBefore(world, ageMs)
  const flags = world.flagged.filter(({ message_id, created_at }) => {
    const event_id = world.messages.get(message_id)?.row.message.event_id
    return created_at < old && !world.holds.has(event_id ?? '')
  })
  const removedFlags = new Set(flags.slice(0, limit))
  world.flagged = world.flagged.filter((flag) => !removedFlags.has(flag))
  const rooms = [...world.rooms.values()].filter(({ event }) => !world.holds.has(event.event_id))
  return rooms.reduce((sum, room) => {
    const young = room.changes.filter(({ created_at }) => created_at >= old)
    const removed = Math.min(room.changes.length - young.length, limit)
    room.changes = room.changes.slice(removed)
    return sum + removed
  }, removedFlags.size)
}

function removeWhere<V>(map: Map<string, V>, condition: (value: V, key: string) => boolean, limit: number): number {
  const keys = [...map].filter(([key, value]) => condition(value, key)).slice(0, limit)
  for (const [key] of keys) map.delete(key)
  return keys.length
}
