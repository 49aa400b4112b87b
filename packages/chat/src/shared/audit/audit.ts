import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Items } from '../items.ts'

/** Describes the request that causes an act. `address` and `request_id` are null for an act without a request. */
export interface AuditContext {
  /** Is the IP address of the client. */
  address: string | null
  request_id: string | null
  /** Names the request's span, if the process sends traces. It is not stored. */
  traceparent?: string
}

export type AuditEntry = Omit<AuditRecord, 'id' | 'at'>

/** Names who acted, and the request. `actor` is the id of a user or a code such as `command-line`. */
export type AuditActor = Pick<AuditEntry, 'actor' | 'address' | 'request_id'>

/** Describes an act and its object. It is an audit entry without its actor. */
export type AuditedAct = Omit<AuditEntry, keyof AuditActor>

/**
 * Records who did what. Entries are added and read; nothing changes them, and only their age removes them
 * (`RetentionStore`).
 */
export interface AuditLog {
  /** Resolves when the entries are stored. */
  write(entries: AuditEntry[]): Promise<void>
  /** Lists the newest entries first. `cursor` is the last id of the previous page. */
  list(query: AuditFilter & { cursor?: string; limit: number }): Promise<Items<AuditRecord>>
}
