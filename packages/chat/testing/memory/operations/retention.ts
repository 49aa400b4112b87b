import type { AuditRecord } from '@engineer-chat/protocol'
import type { RetentionStore } from '../../../src/operations/retention-store.ts'
import { setSlots } from '../asking/sessions.ts'
import { getRoom, type MemoryData } from '../memory-data.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const getTimeBefore = (data: MemoryData, ms: number): string => new Date(data.now() - ms).toISOString()

const hasUnfinishedReply = (data: MemoryData, session_id: string): boolean =>
  [...data.messages.values()].some(
    ({ row, reply }) => row.message.chat_session_id === session_id && reply?.due_at != null,
  )

export function createMemoryRetention(data: MemoryData): RetentionStore {
  const isExpired = (one: { expires_at: number }) => one.expires_at <= data.now()
  return {
    async removeExpired(limit) {
      const tickets = removeWhere(data.tickets, isExpired, limit)
      const tokens = removeWhere(data.tokens, isExpired, limit)
      const alive = new Set([...data.tokens.values()].map((token) => token.sign_in_id))
      return tickets + tokens + removeWhere(data.signIns, (_, sign_in_id) => !alive.has(sign_in_id), limit)
    },
    async removeSpend(olderThanDays, limit) {
      const firstKeptDay = getTimeBefore(data, olderThanDays * DAY_MS).slice(0, 10)
      return removeWhere(data.spend, (_, id) => /\d{4}-\d\d-\d\d$/.test(id) && id.slice(-10) < firstKeptDay, limit)
    },
    async removeAudit(olderThanDays, limit) {
      const oldAt = getTimeBefore(data, olderThanDays * DAY_MS)
      const isOld = ({ at, event_id }: AuditRecord) => at < oldAt && !data.holds.has(event_id ?? '')
      const old = new Set(data.auditLines.filter(isOld).slice(0, limit))
      data.auditLines = data.auditLines.filter((record) => !old.has(record))
      return old.size
    },
    async closeIdleSessions(idleHours, limit) {
      const idleAt = getTimeBefore(data, idleHours * HOUR_MS)
      const found = [...data.sessions.values()].filter(({ active, updated_at }) => active && updated_at < idleAt)
      for (const session of found.slice(0, limit)) setSlots(data, new Map([[session.session_id, null]]))
      return found.slice(0, limit).map(({ rounds }) => rounds)
    },
    removeCalls: async () => 0, // Calls are stored in MySQL alone.
    removeChats: async (olderThanDays, limit) => removeChats(data, olderThanDays * DAY_MS, limit),
    removeRecords: async (olderThanDays, limit) =>
      removeRecords(data, olderThanDays * DAY_MS, limit) + removeDocuments(data, olderThanDays * DAY_MS, limit),
    async addLegalHold(event_id) {
      data.holds.add(event_id)
    },
    async removeLegalHold(event_id) {
      data.holds.delete(event_id)
    },
    listLegalHolds: async () => [...data.holds].sort(),
  }
}

function removeChats(data: MemoryData, ageMs: number, limit: number): number {
  const oldAt = getTimeBefore(data, ageMs)
  const found = [...data.sessions.values()].filter(
    (session) =>
      session.updated_at < oldAt && !data.holds.has(session.event_id) && !hasUnfinishedReply(data, session.session_id),
  )
  for (const { session_id, event_id, user_id } of found.slice(0, limit)) {
    const room = getRoom(data, event_id)
    for (const { row } of room.rows) {
      const { chat_session_id, position } = row.message
      if (chat_session_id !== session_id) continue
      data.indicators.get(event_id)?.rows.delete(position)
      data.indexedRooms.get(event_id)?.texts.delete(position)
    }
    room.rows = room.rows.filter(({ row }) => row.message.chat_session_id !== session_id)
    for (const [id, { row }] of data.messages) {
      if (row.message.chat_session_id === session_id) data.messages.delete(id)
    }
    data.sessions.delete(session_id)
    const mark = room.read.get(user_id)
    if (mark && !mark.muted && mark.at < data.now() - ageMs) room.read.delete(user_id)
  }
  return Math.min(found.length, limit)
}

function removeRecords(data: MemoryData, ageMs: number, limit: number): number {
  const oldAt = getTimeBefore(data, ageMs)
  const flags = data.flagged.filter(({ message_id, created_at }) => {
    const event_id = data.messages.get(message_id)?.row.message.event_id
    return created_at < oldAt && !data.holds.has(event_id ?? '')
  })
  const removedFlags = new Set(flags.slice(0, limit))
  data.flagged = data.flagged.filter((flag) => !removedFlags.has(flag))
  const rooms = [...data.rooms.values()].filter(({ event }) => !data.holds.has(event.event_id))
  return rooms.reduce((sum, room) => {
    const young = room.changes.filter(({ created_at }) => created_at >= oldAt)
    const removed = Math.min(room.changes.length - young.length, limit)
    room.changes = room.changes.slice(removed)
    return sum + removed
  }, removedFlags.size)
}

function removeDocuments(data: MemoryData, ageMs: number, limit: number): number {
  const oldAt = getTimeBefore(data, ageMs)
  const free = [...data.documents].filter(([, { event_id }]) => !data.holds.has(event_id ?? ''))
  let removed = 0
  for (const [document_id, document] of free) {
    const young = document.versions.filter(({ replaced_at }) => replaced_at >= oldAt)
    removed += document.versions.length - young.length
    document.versions = young
    if (document.removed_at === null || document.removed_at >= oldAt || removed >= limit) continue
    data.documents.delete(document_id)
    removed += 1
  }
  return removed
}

function removeWhere<V>(map: Map<string, V>, condition: (value: V, key: string) => boolean, limit: number): number {
  const keys = [...map].filter(([key, value]) => condition(value, key)).slice(0, limit)
  for (const [key] of keys) map.delete(key)
  return keys.length
}
