import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Items } from '../paginate.ts'

/** Describes the origin of a request. Both fields are null if no request is the cause. */
export interface AuditContext {
  address: string | null
  request_id: string | null
  /** Names the request's span, if the process sends traces. It is not stored. */
  traceparent?: string
}

export type AuditEntry = Omit<AuditRecord, 'id' | 'at'>

/** Describes the actor and the origin of the request. */
export type AuditActor = Pick<AuditEntry, 'actor' | 'address' | 'request_id'>

/** Describes an act and its object: an entry without its actor. */
export type AuditedAct = Omit<AuditEntry, keyof AuditActor>

/**
 * Records who did what. Entries are added and read; nothing changes them, and only their age removes them
 * (`RetentionStore`).
 */
export interface AuditLog {
  /** Resolves when the entries are stored. */
  write(entries: AuditEntry[]): Promise<void>
  /** Lists the newest entries first; `cursor` is the last id of the page before. */
  list(query: AuditFilter & { cursor?: string; limit: number }): Promise<Items<AuditRecord>>
}
