export { addSummary } from './add-summary.ts'
export { createEvent } from './create-event.ts'
export type { EventFacts, EventFactsCache } from './event-facts-cache.ts'
export type { CommanderGuard, EventStore, TlpGuard } from './event-store.ts'
export {
  addInboxCounts,
  type CountContext,
  computeInboxCounts,
  INBOX_LIMITS,
  type InboxEvent,
  type InboxLimits,
  type InboxRow,
  type InboxStore,
  NO_MARK,
  type ReadMark,
  RecentRowsCache,
  setEventMuted,
  type UserMark,
} from './inbox/index.ts'
export { listEvents } from './list-events.ts'
export { listMembers } from './list-members.ts'
export { listSummaries } from './list-summaries.ts'
export { createChangeRow, planEventChange } from './plan-event-change.ts'
export { putMember } from './put-member.ts'
export { readEvent } from './read-event.ts'
export { removeMember } from './remove-member.ts'
export { updateEvent } from './update-event.ts'
