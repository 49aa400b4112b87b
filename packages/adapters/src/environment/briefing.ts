import { type BriefingSettings, tokenGauge } from '@engineer-chat/chat'
import type { Environment } from './variables.ts'

/** How models are told, as it is configured. The gauge is this process's own. */
export const briefingOf = (
  environment: Readonly<Pick<Environment, 'LLM_CONTEXT_TOKENS' | 'LLM_ANSWER_TOKENS' | 'LLM_REDACT_MAIL'>>,
): BriefingSettings => ({
  contextWindow: environment.LLM_CONTEXT_TOKENS,
  answerTokens: environment.LLM_ANSWER_TOKENS,
  redactMail: environment.LLM_REDACT_MAIL,
  gauge: tokenGauge(),
})
