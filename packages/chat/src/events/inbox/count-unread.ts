import type { InboxCounts } from '@engineer-chat/protocol'
import type { Principal } from '../../shared/index.ts'
import { type InboxEvent, type InboxStore, NO_MARK, type ReadMark } from './inbox-store.ts'
import type { RoomWindows } from './room-windows.ts'

export interface CountContext {
  inbox: Pick<InboxStore, 'readMarks'>
  windows: RoomWindows
}

/** Adds to each event what waits for the caller there, who may enter all of them. Agents have no inbox. */
export async function countUnread<Listed extends Pick<InboxEvent, 'event_id' | 'seq' | 'created_at'>>(
  { inbox, windows }: CountContext,
  { user_id, role }: Principal,
  events: readonly Listed[],
): Promise<Array<Listed & InboxCounts>> {
  const isAgent = role === 'agent'
  const ids = events.map(({ event_id }) => event_id)
  const [marks] = await Promise.all([isAgent ? [] : inbox.readMarks([user_id], ids), windows.refresh(events)])
  const byEvent = new Map(marks.map((mark) => [mark.event_id, mark]))
  return events.map((event) => {
    if (!isAgent) return { ...event, ...toCounts(windows, user_id, event, byEvent.get(event.event_id)) }
    const last_activity_at = windows.find(event.event_id)?.findLastActivity(user_id, true) ?? event.created_at
    return { ...event, unread: 0, mentions: 0, muted: false, read_position: null, last_activity_at }
  })
}

/** Counts in windows that are up to date. */
export function toCounts(
  windows: RoomWindows,
  user_id: string,
  { event_id, created_at }: Pick<InboxEvent, 'event_id' | 'created_at'>,
  mark?: ReadMark,
): InboxCounts {
  const window = windows.find(event_id)
  return {
    ...(window?.count(user_id, mark ?? NO_MARK) ?? { unread: 0, mentions: 0 }),
    muted: mark?.muted ?? false,
    read_position: mark?.position ?? null,
    last_activity_at: window?.findLastActivity(user_id) ?? created_at,
  }
}
