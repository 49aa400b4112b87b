import type { AuditFilter, AuditRecord } from '@engineer-chat/protocol'
import type { Items } from './paginate.ts'

/** Where a request came from, for the line that it leaves in the audit. */
export interface AuditContext {
  address: string
  request_id: string
}

export type AuditEntry = Omit<AuditRecord, 'id' | 'at'>

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
