import type { Message } from '@engineer-chat/protocol'
import type { PinStore } from '../../../src/rooms/pin-store.ts'
import { ChatError } from '../../../src/shared/errors.ts'
import type { Audience, StoredMessage } from '../../../src/shared/room-change.ts'
import { changeMessage, getTimestamp, type MemoryData, type MessageRecord, toRoomChange } from '../memory-data.ts'
import { isUnfinished } from '../replying/session-replies.ts'

export function createMemoryPins(data: MemoryData): PinStore {
  return {
    async pin(event_id, message_id, { user_id, audiences }) {
      const stored = getVisibleMessage(data, event_id, message_id, audiences)
      const { row } = stored
      if (row.message.pinned) return { row, change: null }
      if (row.message.visibility === 'private') throw new ChatError('message_private')
      if (isUnfinished(stored)) throw new ChatError('message_not_found')
      return toPinResult(changeMessage(data, stored, { pinned: { user_id, at: getTimestamp(data) } }))
    },
    async unpin(event_id, message_id, { audiences }) {
      const stored = getVisibleMessage(data, event_id, message_id, audiences)
      const { message, ...row } = stored.row
      if (!message.pinned) return { row: stored.row, change: null }
      const { pinned: _, ...unpinned } = message
      stored.row = { ...row, message: unpinned as Message }
      return toPinResult(changeMessage(data, stored, {}))
    },
    async list(event_id, audiences, { after, limit }) {
      const rows = (data.rooms.get(event_id)?.rows ?? [])
        .map(({ row }) => row)
        .filter(({ message, audience }) => message.pinned && message.position > after && audiences.includes(audience))
      return { rows: rows.slice(0, limit), has_more: rows.length > limit }
    },
  }
}

const toPinResult = (row: StoredMessage) => ({ row, change: toRoomChange(row) })

function getVisibleMessage(
  data: MemoryData,
  event_id: string,
  message_id: string,
  audiences: Audience[],
): MessageRecord {
  const stored = data.messages.get(message_id)
  if (stored?.row.message.event_id !== event_id || !audiences.includes(stored.row.audience)) {
    throw new ChatError('message_not_found')
  }
  return stored
}
