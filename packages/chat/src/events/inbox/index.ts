export { addInboxCounts, type CountContext, computeInboxCounts } from './count-unread.ts'
export {
  type InboxEvent,
  type InboxRow,
  type InboxStore,
  NO_MARK,
  type ReadMark,
  type UserMark,
} from './inbox-store.ts'
export { INBOX_LIMITS, type InboxLimits, RecentRowsCache } from './recent-rows-cache.ts'
export { setEventMuted } from './set-event-muted.ts'
