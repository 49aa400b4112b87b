import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Items } from '../items.ts'

/** Describes the request that caused an act. `address` and `request_id` are null for an act without a request. */
export interface AuditContext {
  /** Is the IP address of the client. */
  address: string | null
  request_id: string | null
  /** Is the `traceparent` of the request's span, if the process sends traces. The audit does not store it. */
  traceparent?: string
}

export type AuditEntry = Omit<AuditRecord, 'id' | 'at'>

/**
 * Names who acted, and by which request. `actor` is the id of a user or a code such as `command-line`. It is null for a
 * refused login, because the caller is not known.
 */
export type AuditActor = Pick<AuditEntry, 'actor' | 'address' | 'request_id'>

/** Describes an act and its object. It is an audit entry without the fields that `AuditActor` has. */
export type AuditedAct = Omit<AuditEntry, keyof AuditActor>

/**
 * Records who did what. Entries can be added and read, but not changed. `RetentionStore` removes them when they are old
 * enough.
 */
export interface AuditLog {
  /** Resolves when the entries are stored. */
  write(entries: AuditEntry[]): Promise<void>
  /** Lists the newest entries first. `cursor` is the last id of the previous page; the first page needs none. */
  list(query: AuditFilter & { cursor?: string; limit: number }): Promise<Items<AuditRecord>>
}
