import type {
  CreateSummary,
  Event,
  EventFilter,
  EventMember,
  EventSummary,
  MemberRole,
  Tlp,
  UpdateEvent,
} from '@engineer-chat/protocol'
import type { Items, Principal, RoomChange } from '../shared/index.ts'

/** With it, the store refuses a change that leaves the event without an active commander. */
export interface KeepCommander {
  keep_commander: boolean
}

/** With it, the store refuses a change of an event whose TLP label is none of these: a wider one would be lowered. */
export interface TlpGuard {
  allowed_from: readonly Tlp[]
}

export interface EventStore {
  /** A person who creates an event becomes its commander. @throws ChatError event_exists */
  create(event: Omit<Event, 'seq' | 'summary_version' | 'event_status' | 'created_at' | 'updated_at'>): Promise<Event>
  find(event_id: string): Promise<Event | undefined>
  /** The newest first, those that the caller may enter and that fit the filter. */
  list(caller: Principal, query: EventFilter & { cursor?: string; limit: number }): Promise<Items<Event>>
  /** Takes a sequence number. @throws ChatError event_not_found, and forbidden if the guard refuses */
  update(event_id: string, changes: UpdateEvent, guard?: TlpGuard): Promise<{ event: Event; change: RoomChange }>
  listMembers(event_id: string, query: { cursor?: string; limit: number }): Promise<Items<EventMember>>
  /**
   * With `keep_commander` it accepts no change that leaves no commander.
   * @throws ChatError event_not_found, user_not_found, last_commander
   */
  putMember(event_id: string, user_id: string, role: MemberRole, keep?: KeepCommander): Promise<EventMember>
  /** @throws ChatError member_not_found, last_commander */
  removeMember(event_id: string, user_id: string, keep?: KeepCommander): Promise<void>
  /** A new summary is the event's current one, and a change of the event. @throws ChatError event_not_found */
  addSummary(event_id: string, summary: CreateSummary): Promise<{ summary: EventSummary; change: RoomChange }>
  listSummaries(event_id: string, query: { cursor?: string; limit: number }): Promise<Items<EventSummary>>
  findLatestSummary(event_id: string): Promise<EventSummary | undefined>
}
