import type { NewQuestion } from '../rooms/index.ts'
import { type AuditEntry, describeAct } from '../shared/index.ts'

/**
 * Creates the audit entry of a stored question, or returns undefined if the question has no `auditContext`. The
 * question's own transaction writes the entry.
 */
export function createSendEntry({ auditContext, ...newQuestion }: NewQuestion): AuditEntry | undefined {
  if (!auditContext) return undefined
  const { user_id, question_id, event_id } = newQuestion
  return { ...describeAct('send', { message_id: question_id, event_id }), ...auditContext, actor: user_id }
}
