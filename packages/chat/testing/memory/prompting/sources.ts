import { MAX_COMMAND_SOURCES, type SourceStore, VISIT_PAUSE_MINUTES } from '../../../src/prompting/source-store.ts'
import { getRoom, type MemoryData, type StoredRoom } from '../memory-data.ts'
import { findCurrentContext } from './reply-context.ts'

export function createMemorySources(data: MemoryData): SourceStore {
  return {
    findContext: async (asked, historyLimit) => findCurrentContext(data, asked, historyLimit),
    async getCommandSources({ event_id, user_id, audiences, unread }) {
      const room = getRoom(data, event_id)
      const since = unread ? readBefore(data, room, user_id) : null
      const after = since ?? 0
      const { summaries, changes, posts } = MAX_COMMAND_SOURCES
      return {
        since,
        summaries: room.summaries.filter(({ version }) => Number(version) > after).slice(-summaries),
        changes: room.changes.filter(({ seq }) => seq > after).slice(-changes),
        posts: room.rows
          .filter(({ row }) => row.message.message_category === 'room' && row.message.sender_type === 'user')
          .filter(({ row }) => audiences.includes(row.audience))
          .filter(({ row }) => row.message.position > after)
          .slice(-posts)
          .map(({ row: { message } }) => ({
            message_id: message.message_id,
            position: message.position,
            username: data.users.get(message.user_id ?? '')?.user.username ?? message.message_from,
            content: message.message_content.content,
            created_at: message.created_at,
          })),
      }
    },
  }
}

function readBefore(data: MemoryData, room: StoredRoom, user_id: string): number | null {
  const mark = room.read.get(user_id)
  if (!mark || mark.position === 0) return null
  return data.now() - mark.at > VISIT_PAUSE_MINUTES * 60_000 ? mark.position : mark.visit_position
}
