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
  const isExpired = ({ expires_at }: { expires_at: number }) => expires_at <= data.now()
  return {
    async removeExpired(limit) {
      const tickets = removeWhere(data.tickets, isExpired, limit)
      const tokens = removeWhere(data.refreshTokens, isExpired, limit)
      const withToken = new Set([...data.refreshTokens.values()].map((token) => token.sign_in_id))
      return tickets + tokens + removeWhere(data.signIns, (_, sign_in_id) => !withToken.has(sign_in_id), limit)
    },
    async removeSpend(olderThanDays, limit) {
      // The id of a daily budget ends with its day, the id of an event's budget with `ever`.
      const firstKeptDay = getTimeBefore(data, olderThanDays * DAY_MS).slice(0, 10)
      return removeWhere(data.spend, (_, id) => /\d{4}-\d\d-\d\d$/.test(id) && id.slice(-10) < firstKeptDay, limit)
    },
    async removeAudit(olderThanDays, limit) {
      const keptSince = getTimeBefore(data, olderThanDays * DAY_MS)
      const isRemovable = ({ at, event_id }: AuditRecord) => at < keptSince && !data.legalHolds.has(event_id ?? '')
      const removed = new Set(data.auditLines.filter(isRemovable).slice(0, limit))
      data.auditLines = data.auditLines.filter((record) => !removed.has(record))
      return removed.size
    },
    async closeIdleSessions(idleHours, limit) {
      const activeSince = getTimeBefore(data, idleHours * HOUR_MS)
      const idle = [...data.sessions.values()].filter(({ active, updated_at }) => active && updated_at < activeSince)
      const closed = idle.slice(0, limit)
      for (const { session_id } of closed) setSlots(data, new Map([[session_id, null]]))
      return closed.map(({ rounds }) => rounds)
    },
    removeCalls: async () => 0, // These stores keep all records of calls.
    removeChats: async (olderThanDays, limit) => removeChats(data, olderThanDays * DAY_MS, limit),
    removeRecords: async (olderThanDays, limit) =>
      removeRecords(data, olderThanDays * DAY_MS, limit) + removeDocuments(data, olderThanDays * DAY_MS, limit),
    async addLegalHold(event_id) {
      data.legalHolds.add(event_id)
    },
    async removeLegalHold(event_id) {
      data.legalHolds.delete(event_id)
    },
    listLegalHolds: async () => [...data.legalHolds].sort(),
  }
}

function removeChats(data: MemoryData, ageMs: number, limit: number): number {
  const keptSince = getTimeBefore(data, ageMs)
  const removable = [...data.sessions.values()].filter(
    ({ session_id, event_id, updated_at }) =>
      updated_at < keptSince && !data.legalHolds.has(event_id) && !hasUnfinishedReply(data, session_id),
  )
  for (const { session_id, event_id, user_id } of removable.slice(0, limit)) {
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
    const mark = room.readMarks.get(user_id)
    if (mark && !mark.muted && mark.at < data.now() - ageMs) room.readMarks.delete(user_id)
  }
  return Math.min(removable.length, limit)
}

function removeRecords(data: MemoryData, ageMs: number, limit: number): number {
  const keptSince = getTimeBefore(data, ageMs)
  const removableFlags = data.flagged.filter(({ message_id, created_at }) => {
    const event_id = data.messages.get(message_id)?.row.message.event_id
    return created_at < keptSince && !data.legalHolds.has(event_id ?? '')
  })
  const removedFlags = new Set(removableFlags.slice(0, limit))
  data.flagged = data.flagged.filter((flag) => !removedFlags.has(flag))
  let removedCount = removedFlags.size
  for (const room of data.rooms.values()) {
    if (data.legalHolds.has(room.event.event_id)) continue
    const oldChanges = room.changes.filter(({ created_at }) => created_at < keptSince)
    const removedChanges = Math.min(oldChanges.length, limit)
    room.changes = room.changes.slice(removedChanges)
    removedCount += removedChanges
  }
  return removedCount
}

function removeDocuments(data: MemoryData, ageMs: number, limit: number): number {
  const keptSince = getTimeBefore(data, ageMs)
  let removedCount = 0
  for (const [document_id, document] of data.documents) {
    if (data.legalHolds.has(document.event_id ?? '')) continue
    const keptVersions = document.versions.filter(({ replaced_at }) => replaced_at >= keptSince)
    removedCount += document.versions.length - keptVersions.length
    document.versions = keptVersions
    if (document.removed_at === null || document.removed_at >= keptSince || removedCount >= limit) continue
    data.documents.delete(document_id)
    removedCount += 1
  }
  return removedCount
}

function removeWhere<V>(map: Map<string, V>, condition: (value: V, key: string) => boolean, limit: number): number {
  const keys = [...map].filter(([key, value]) => condition(value, key)).slice(0, limit)
  for (const [key] of keys) map.delete(key)
  return keys.length
}
