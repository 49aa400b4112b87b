import type { InboxCounts } from '@engineer-chat/protocol'
import type { Principal } from '../../shared/index.ts'
import { type InboxEvent, type InboxStore, NO_MARK, type ReadMark } from './inbox-store.ts'
import type { RecentRowsCache } from './recent-rows-cache.ts'

export interface CountContext {
  inbox: Pick<InboxStore, 'findMarks'>
  recentRows: RecentRowsCache
}

/**
 * Brings the cache up to date, and returns each event with the caller's `InboxCounts` added. The caller must be allowed
 * to enter all these events.
 */
export async function addInboxCounts<Listed extends Pick<InboxEvent, 'event_id' | 'seq' | 'created_at'>>(
  { inbox, recentRows }: CountContext,
  { user_id, role }: Principal,
  events: readonly Listed[],
): Promise<Array<Listed & InboxCounts>> {
  const isAgent = role === 'agent'
  const event_ids = events.map(({ event_id }) => event_id)
  const [marks] = await Promise.all([isAgent ? [] : inbox.findMarks([user_id], event_ids), recentRows.refresh(events)])
  const marksByEvent = new Map(marks.map((mark) => [mark.event_id, mark]))
  return events.map((event) => {
    const mark = marksByEvent.get(event.event_id)
    if (!isAgent) return { ...event, ...computeInboxCounts(recentRows, user_id, event, mark) }
    // Agents have no inbox, so their counts are always 0. The time of the last activity is given to them too.
    const last_activity_at = recentRows.find(event.event_id)?.findLastActivityForAgents() ?? event.created_at
    return { ...event, unread: 0, mentions: 0, muted: false, read_position: null, last_activity_at }
  })
}

/**
 * Computes a person's `InboxCounts` of one event: the counts of unread rows and mentions, the fields of the mark, and
 * the time of the last activity. The cache must be up to date. `mark` is undefined if the person has no mark there.
 */
export function computeInboxCounts(
  recentRows: RecentRowsCache,
  user_id: string,
  { event_id, created_at }: Pick<InboxEvent, 'event_id' | 'created_at'>,
  mark?: ReadMark,
): InboxCounts {
  const roomRows = recentRows.find(event_id)
  return {
    ...(roomRows?.count(user_id, mark ?? NO_MARK) ?? { unread: 0, mentions: 0 }),
    muted: mark?.muted ?? false,
    read_position: mark?.position ?? null,
    last_activity_at: roomRows?.findLastActivityForPerson(user_id) ?? created_at,
  }
}
