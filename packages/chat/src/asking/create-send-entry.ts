import type { AskCommand } from '../rooms/index.ts'
import type { AuditEntry } from '../shared/index.ts'

/** The audit line of a stored question, which is written in the question's own transaction. */
export function createSendEntry({ auditContext, ...ask }: AskCommand): AuditEntry | undefined {
  return (
    auditContext && {
      action: 'send',
      actor: ask.user_id,
      address: auditContext.address,
      object_type: 'message',
      object_id: ask.question_id,
      event_id: ask.event_id,
      detail: null,
      request_id: auditContext.request_id,
    }
  )
}
