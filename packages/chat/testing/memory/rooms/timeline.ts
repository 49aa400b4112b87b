import { VISIT_PAUSE_MINUTES } from '../../../src/prompting/sources/source-store.ts'
import type { StoredPage, Timeline } from '../../../src/rooms/timeline.ts'
import type { MemoryData, MessageRecord } from '../memory-data.ts'
import { isUnfinished, listSessionRows } from '../replying/session-replies.ts'

export function createMemoryTimeline(data: MemoryData): Timeline {
  return {
    async readPage(event_id, audiences, query) {
      const room = data.rooms.get(event_id)
      const visible = room?.rows.filter(({ row }) => audiences.includes(row.audience)) ?? []
      const seq = room?.event.seq ?? 0
      if (query.after !== undefined) return takeOldest(visible, seq, query.after, query.limit)
      return takeNewest(visible, seq, query)
    },
    async findMessage(event_id, audiences, message_id) {
      const row = data.messages.get(message_id)?.row
      return row?.message.event_id === event_id && audiences.includes(row.audience) ? row : undefined
    },
    async findPosition(event_id, audiences, message_id) {
      const row = data.messages.get(message_id)?.row
      const isVisible = row?.message.event_id === event_id && audiences.includes(row.audience)
      return isVisible ? row.message.position : undefined
    },
    async readChanges(event_id, audiences, afterSeq, limit) {
      const room = data.rooms.get(event_id)
      if (!room) return undefined
      const changed = room.rows
        .map(({ row }) => row)
        .filter((row) => row.message.seq > afterSeq && (audiences?.includes(row.audience) ?? true))
        .sort((a, b) => a.message.seq - b.message.seq)
      const { event } = room
      return { rows: changed.slice(0, limit), seq: event.seq, event, complete: changed.length <= limit }
    },
    async readSessionPage(session_id, query) {
      const session = data.sessions.get(session_id)
      const seq = data.rooms.get(session?.event_id ?? '')?.event.seq ?? 0
      return takeNewest(listSessionRows(data, session_id), seq, query)
    },
    async listUnfinishedReplies(event_id) {
      return (
        data.rooms
          .get(event_id)
          ?.rows.filter(isUnfinished)
          .map(({ row }) => row) ?? []
      )
    },
    async readSeqs(event_ids) {
      const events = event_ids.flatMap((id) => data.rooms.get(id)?.event ?? [])
      return new Map(events.map((event) => [event.event_id, event.seq]))
    },
    async markRead(event_id, user_id, position) {
      const room = data.rooms.get(event_id)
      const marks = room?.readMarks
      const seen_seq = room?.event.seq ?? 0
      const firstMark = { position: 0, visit_position: 0, seen_seq, muted: false, at: data.now() }
      const lastMark = marks?.get(user_id) ?? firstMark
      if (marks?.has(user_id) && position <= lastMark.position) {
        marks.set(user_id, { ...lastMark, seen_seq })
        return
      }
      const isNewVisit = data.now() - lastMark.at > VISIT_PAUSE_MINUTES * 60_000
      const visit_position = isNewVisit ? lastMark.position : lastMark.visit_position
      marks?.set(user_id, { ...lastMark, position, visit_position, seen_seq, at: data.now() })
    },
  }
}

function takeNewest(
  stored: MessageRecord[],
  seq: number,
  { before, limit }: { before?: number; limit: number },
): StoredPage {
  const older = stored.filter(({ row }) => before === undefined || row.message.position < before)
  return { rows: older.slice(-limit).map(({ row }) => row), seq, has_more: older.length > limit }
}

function takeOldest(stored: MessageRecord[], seq: number, after: number, limit: number): StoredPage {
  const newer = stored.filter(({ row }) => row.message.position > after)
  return { rows: newer.slice(0, limit).map(({ row }) => row), seq, has_more: newer.length > limit }
}
