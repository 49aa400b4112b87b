import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Items } from './paginate.ts'

/** Where a request came from. Both are null where no request is the cause. */
export interface AuditContext {
  address: string | null
  request_id: string | null
}

export type AuditEntry = Omit<AuditRecord, 'id' | 'at'>

/** Who acted, and from where. */
export type AuditActor = Pick<AuditEntry, 'actor'> & AuditContext

/** What was done, and to what: an entry without its actor. */
export type AuditedAct = Omit<AuditEntry, keyof AuditActor>

/**
 * Records who did what. Entries are added and read; nothing changes them, and only their age removes them
 * (`RetentionStore`).
 */
export interface AuditLog {
  /** Resolves once they are kept. */
  write(entries: AuditEntry[]): Promise<void>
  /** The newest first; `cursor` is the last id of the page before. */
  list(query: AuditFilter & { cursor?: string; limit: number }): Promise<Items<AuditRecord>>
}
