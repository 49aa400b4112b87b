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

export interface CommanderGuard {
  /** If true, the store refuses to remove or demote a commander if no other commander is active. */
  keepLastCommander: boolean
}

export interface TlpGuard {
  /** Lists the old labels that the change may replace. If the event has another one, the store refuses the change. */
  allowedOldLabels: readonly Tlp[]
}

export interface EventStore {
  /** Creates an event. If a person creates it, they become its commander. @throws ChatError event_exists */
  create(event: Omit<Event, 'seq' | 'summary_version' | 'event_status' | 'created_at' | 'updated_at'>): Promise<Event>
  find(event_id: string): Promise<Event | undefined>
  /** Lists the events that the caller may enter and that fit the filter, the newest first. */
  list(caller: Principal, query: EventFilter & { cursor?: string; limit: number }): Promise<Items<Event>>
  /**
   * Changes an event. The event gets the room's next sequence number. If the timeline shows the change, the timeline's
   * new row gets the number after that. If the request changes nothing, nothing is stored and `change` is null.
   * @throws ChatError event_not_found, and forbidden if the guard refuses
   */
  update(
    event_id: string,
    requested: UpdateEvent,
    changedBy: Principal,
    guard?: TlpGuard,
  ): Promise<{ event: Event; change: RoomChange | null }>
  /** Lists the members, sorted by their `user_id`. */
  listMembers(event_id: string, query: { cursor?: string; limit: number }): Promise<Items<EventMember>>
  /**
   * Makes a user a member of the event, or changes the role of a member.
   * @throws ChatError event_not_found, user_not_found, last_commander
   */
  putMember(event_id: string, user_id: string, role: MemberRole, guard?: CommanderGuard): Promise<EventMember>
  /** @throws ChatError member_not_found, last_commander */
  removeMember(event_id: string, user_id: string, guard?: CommanderGuard): Promise<void>
  /**
   * Stores a summary, makes it the event's current one and records a change of the event.
   * @throws ChatError event_not_found
   */
  addSummary(event_id: string, summary: CreateSummary): Promise<{ summary: EventSummary; change: RoomChange }>
  /** Lists the summaries, the newest first. */
  listSummaries(event_id: string, query: { cursor?: string; limit: number }): Promise<Items<EventSummary>>
  /** Finds the summary that was added last. */
  findCurrentSummary(event_id: string): Promise<EventSummary | undefined>
}
