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

/** Creates the entry of a stored question. It is written in the question's own transaction. */
export function createSendEntry(ask: {
  user_id: string
  question_id: string
  event_id: string
  auditContext?: AuditContext
}): AuditEntry | undefined {
  return (
    ask.auditContext && {
      action: 'send',
      actor: ask.user_id,
      address: ask.auditContext.address,
      object_type: 'message',
      object_id: ask.question_id,
      event_id: ask.event_id,
      detail: null,
      request_id: ask.auditContext.request_id,
    }
  )
}
