import type { Principal } from '@engineer-chat/chat/shared'
import { and, eq, exists, or, type SQL } from 'drizzle-orm'
import { eventMembers, events } from '../schema/index.ts'
import type { Database } from './database.ts'

/** Selects the rows of `events` that the caller has the right to read. Agents and admins read all. */
export function isEventReadable(db: Database, { user_id, role }: Principal): SQL | undefined {
  if (role !== 'engineer') return undefined
  const membership = db
    .select({ user_id: eventMembers.user_id })
    .from(eventMembers)
    .where(and(eq(eventMembers.event_id, events.event_id), eq(eventMembers.user_id, user_id)))
  return or(eq(events.access, 'open'), exists(membership))
}
