import { createTokenCalibration } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS, type PromptSettings, type PromptTarget } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'

export const SETTINGS: PromptSettings = {
  contextWindow: 32_768,
  answerTokens: 4_096,
  roomTokens: 8_192,
  isMailRedacted: true,
  calibration: createTokenCalibration(),
  sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
}

export const MODEL: PromptTarget = {
  id: 'some-model',
  provider: 'openai-compatible',
  context_window: null,
  max_tokens: null,
}

const EVENT: ReplyContext['event'] = {
  event_id: 'e',
  event_name: 'Strange logins',
  message: 'Forty failed logins.\nThen one success.',
  context: 'VPN gateway',
  severity: 'high',
  source: 'siem',
  event_status: 'processing',
  access: 'open',
  tlp: 'amber',
  seq: 4,
  summary_version: 'v1',
  created_by: null,
  created_at: '2026-01-31T12:00:00.000Z',
  updated_at: '2026-01-31T12:00:00.000Z',
}

const SUMMARY: NonNullable<ReplyContext['summary']> = {
  version: 'v1',
  round_id: 3,
  event_summary: 'An account was taken over.',
  event_suggestion: 'Reset it.',
  updated_at: '2026-01-31T13:00:00.000Z',
}

type Fields = Partial<Omit<ReplyContext, 'event' | 'summary'>> & {
  event?: Partial<ReplyContext['event']>
  summary?: Partial<NonNullable<ReplyContext['summary']>> | null
}

/** Creates the context of a question; a test overrides some fields. */
export function createContext({ event = {}, summary = {}, ...fields }: Fields = {}): ReplyContext {
  return {
    event: { ...EVENT, ...event },
    summary: summary && { ...SUMMARY, ...summary },
    summary_updated: false,
    history: [],
    question: 'And now?',
    ...fields,
  }
}
