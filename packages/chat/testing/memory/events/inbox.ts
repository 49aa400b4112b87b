import type { InboxEvent, InboxRow, InboxStore, UserMark } from '../../../src/events/inbox/index.ts'
import type { StoredMessage } from '../../../src/shared/room-change.ts'
import type { MemoryData, StoredRoom } from '../memory-data.ts'

export function createMemoryInbox(data: MemoryData): InboxStore {
  return {
    async listActive(limit) {
      const active = [...data.rooms.values()]
        .map(({ event }) => event)
        .filter((event) => event.event_status !== 'closed')
      return active
        .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))
        .slice(0, limit)
        .map(toEvent)
    },
    findEvents: async (event_ids) =>
      event_ids.flatMap((event_id) => data.rooms.get(event_id)?.event ?? []).map(toEvent),
    async readRows(rooms, limit) {
      return rooms.flatMap(({ event_id, after_seq }) => {
        const rows = data.rooms.get(event_id)?.rows.map(({ row }) => toRow(row)) ?? []
        const changed = rows.filter(({ seq }) => seq > after_seq)
        return changed.sort((a, b) => a.seq - b.seq).slice(-limit)
      })
    },
    async findMarks(user_ids, event_ids) {
      const rooms = event_ids.flatMap((event_id) => data.rooms.get(event_id) ?? [])
      return rooms.flatMap(listMarks).filter(({ user_id }) => user_ids.includes(user_id))
    },
    async readChangedMarks(since) {
      const at = String(data.now())
      return { at, marks: since === null ? [] : [...data.rooms.values()].flatMap(listMarks) }
    },
    async putMuted(event_id, user_id, muted) {
      const marks = data.rooms.get(event_id)?.readMarks
      const mark = marks?.get(user_id) ?? { position: 0, visit_position: 0, seen_seq: 0, muted, at: data.now() }
      marks?.set(user_id, { ...mark, muted })
    },
  }
}

const toEvent = ({ event_id, seq, severity, event_status, access, created_at }: InboxEvent): InboxEvent => ({
  event_id,
  seq,
  severity,
  event_status,
  access,
  created_at,
})

const toRow = ({ message, audience }: StoredMessage): InboxRow => ({
  event_id: message.event_id,
  position: message.position,
  seq: message.seq,
  audience,
  user_id: message.user_id,
  message_type: message.message_type,
  sender_type: message.sender_type,
  mentions: message.mentions ?? [],
  created_at: message.created_at,
  updated_at: message.updated_at,
})

const listMarks = ({ event, readMarks }: StoredRoom): UserMark[] =>
  [...readMarks].map(([user_id, { position, seen_seq, muted }]) => ({
    user_id,
    event_id: event.event_id,
    position,
    seen_seq,
    muted,
  }))
