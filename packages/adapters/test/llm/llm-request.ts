import type { LlmRequest } from '@engineer-chat/chat/models'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { composeAnalysis } from '../../src/llm/offline/compose-analysis.ts'

export const EVENT: ReplyContext['event'] = {
  event_id: 'incident-7',
  event_name: 'Suspicious PowerShell on FIN-WS-042',
  message:
    'EDR alert at 2026-11-22 08:14: encoded PowerShell under WINWORD.EXE on FIN-WS-042 (10.20.4.42), account CORP\\m.chen. Connections to hxxps://cdn-update[.]example/a.php and 203.0.113.77:443.',
  context: 'The workstation has access to the payments share.',
  severity: 'high',
  source: 'EDR',
  event_status: 'processing',
  access: 'open',
  tlp: 'amber',
  seq: 4,
  summary_version: 'v2',
  created_by: null,
  created_at: '2026-11-22T08:15:00.000Z',
  updated_at: '2026-11-22T09:00:00.000Z',
}

const SUMMARY: NonNullable<ReplyContext['summary']> = {
  version: 'v2',
  round_id: 2,
  event_summary:
    'A phishing mail from billing@invoices.example carried a macro. Credentials of m.chen were probably stolen.',
  event_suggestion: '1. Isolate FIN-WS-042 from the network.\n2. Search mail logs for further recipients.',
  updated_at: '2026-11-22T09:00:00.000Z',
}

export function createRequest(
  question: string,
  context: Partial<ReplyContext> = {},
  language: 'zh' | 'en' = 'en',
): LlmRequest {
  return {
    turns: [
      { role: 'system', content: 'You help.' },
      { role: 'user', content: question },
    ],
    context: { event: EVENT, summary: SUMMARY, summary_updated: false, history: [], question, ...context },
    language,
  }
}

/** Composes the offline analyst's whole answer without pauses. */
export const composeAnswer = (...request: Parameters<typeof createRequest>): string =>
  composeAnalysis(createRequest(...request))

/** Returns the text below a title of an answer, up to the next title. */
export const readSection = (answer: string, title: string): string | undefined =>
  answer
    .split('### ')
    .find((part) => part.startsWith(`${title}\n\n`))
    ?.slice(title.length + 2)
    .trim()
