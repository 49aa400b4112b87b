import type { EventSummary } from '@engineer-chat/protocol'
import type { ReplyContext } from '../model.ts'

/** One thing that an answer may rest on, and the id by which it is cited. */
export interface Evidence {
  /** `E1`, `S2`, `C1`, `M4`, `H1`. */
  id: string
  kind: 'event' | 'description' | 'context' | 'summary' | 'change' | 'message' | 'earlier'
  /** For people, beside the id. */
  label: string
  text: string
  message_id?: string
}

/** In the order in which a model is told. The same context gives the same ids, however much of it fits a prompt. */
export function evidenceOf(context: ReplyContext): Evidence[] {
  const { event, summary, material, carried_over } = context
  const summaries = material ? material.summaries : summary ? [summary] : []
  const facts = [
    `name: ${event.event_name}`,
    `severity: ${event.severity}`,
    `status: ${event.event_status}`,
    `source: ${event.source}`,
    `created_at: ${event.created_at}`,
  ].join('\n')
  return [
    { id: 'E1', kind: 'event' as const, label: 'event', text: facts },
    { id: 'E2', kind: 'description' as const, label: 'description', text: event.message.trim() },
    { id: 'E3', kind: 'context' as const, label: 'context', text: event.context.trim() },
    ...summaries.map((one, at): Evidence => ({ id: `S${at + 1}`, kind: 'summary', ...summaryOf(one) })),
    ...(material?.changes ?? []).map(
      ({ changed, created_at }, at): Evidence => ({
        id: `C${at + 1}`,
        kind: 'change',
        label: `change, ${created_at}`,
        text: Object.entries(changed)
          .map(([field, value]) => (value === null ? `${field} was rewritten` : `${field}: ${value}`))
          .join('\n'),
      }),
    ),
    ...(material?.posts ?? []).map(
      ({ message_id, username, content, created_at }, at): Evidence => ({
        id: `M${at + 1}`,
        kind: 'message',
        label: `${username}, ${created_at}`,
        text: content.trim(),
        message_id,
      }),
    ),
    { id: 'H1', kind: 'earlier' as const, label: 'earlier session', text: carried_over?.trim() ?? '' },
  ].filter(({ text }) => text !== '')
}

function summaryOf({ round_id, updated_at, event_summary, event_suggestion }: EventSummary) {
  const suggestion = event_suggestion.trim()
  return {
    label: `summary, round ${round_id}, ${updated_at}`,
    text: suggestion === '' ? event_summary.trim() : `${event_summary.trim()}\n\nsuggestion: ${suggestion}`,
  }
}
