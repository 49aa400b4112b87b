import { LlmError } from '@engineer-chat/chat/models'
import { createRefusalError, createUnofferedToolError, formatCode, toStatusError } from './llm-errors.ts'

/** Lists the meanings that `finish_reason` or `stop_reason` may have at any provider. */
type End = 'not_ended' | 'stop' | 'length' | 'refusal' | 'tool_calls' | 'cut' | 'repeating' | 'failure'

/**
 * Lists a provider's values for each meaning, in lower case and with `_` for `-`. A value in no list means `failure`,
 * because no answer counts as complete by a guess.
 */
export type EndValues = Record<End, readonly string[]>

/** Some servers write one of these into each chunk of an unfinished answer. A paused turn has not ended either. */
const NOT_ENDED = ['', 'null', 'none', 'undefined', 'finish_reason_unspecified', 'pause_turn', 'compaction']
/** The server failed and stopped writing. vLLM sends `abort`, GLM sends `network_error`. */
const CUT = ['abort', 'aborted', 'cancelled', 'canceled', 'network_error']
/** Some of these values come from Gemini, Bedrock, Cohere and GLM, through gateways that pass them on. */
const REFUSED = [
  ...['content_filter', 'content_filtered', 'refusal', 'sensitive', 'safety', 'recitation', 'blocklist'],
  ...['prohibited_content', 'spii', 'guardrail_intervened', 'error_toxic'],
]

/** OpenAI defines `finish_reason`; other servers and gateways write further values there. */
export const FINISH_REASONS: EndValues = {
  not_ended: NOT_ENDED,
  // Gemini and Mistral send some of these; through gateways also Anthropic (end_turn), Cohere (complete), Together
  // (eos), TGI (eos_token) and Baidu (normal).
  stop: ['stop', 'end_turn', 'stop_sequence', 'eos', 'eos_token', 'complete', 'completed', 'end', 'normal'],
  length: ['length', 'max_tokens', 'max_output_tokens', 'model_length', 'model_context_window_exceeded'],
  refusal: REFUSED,
  tool_calls: [
    ...['tool_calls', 'tool_call', 'tool_use', 'function_call'],
    ...['malformed_function_call', 'unexpected_tool_call', 'too_many_tool_calls'],
  ],
  cut: CUT,
  repeating: ['repetition'], // vLLM's repetition detector sends this.
  failure: ['error', 'insufficient_system_resource'],
}

/** Anthropic defines `stop_reason`; other servers and gateways write further values there. */
export const STOP_REASONS: EndValues = {
  not_ended: NOT_ENDED,
  stop: ['end_turn', 'stop_sequence', 'stop'],
  length: ['max_tokens', 'model_context_window_exceeded', 'length'],
  refusal: REFUSED,
  tool_calls: ['tool_use', 'tool_calls'],
  cut: CUT,
  repeating: [],
  failure: ['error'],
}

export type FinishReason = 'stop' | 'length'

/** Returns undefined while the answer continues. @throws LlmError if the answer can't become complete */
export function toFinishReason(value: unknown, endValues: EndValues): FinishReason | undefined {
  const end = findEnd(value, endValues)
  switch (end) {
    case 'not_ended':
      return undefined
    case 'stop':
    case 'length':
      return end
    case 'refusal':
      throw createRefusalError()
    case 'tool_calls':
      throw createUnofferedToolError()
    case 'cut':
      throw new LlmError('llm_stream_cut', `the provider broke the answer off${formatCode(value)}`, { transient: true })
    case 'repeating':
      throw new LlmError('llm_repeating', 'the provider stopped a model that repeated itself', { transient: true })
    case 'failure':
      throw toStatusError(503, value)
    default:
      return end satisfies never
  }
}

function findEnd(value: unknown, endValues: EndValues): End {
  if (value === null || value === undefined) return 'not_ended'
  if (typeof value !== 'string') return 'failure'
  const normalizedValue = value.trim().toLowerCase().replaceAll('-', '_')
  return ENDS.find((end) => endValues[end].includes(normalizedValue)) ?? 'failure'
}

const ENDS: readonly End[] = ['not_ended', 'stop', 'length', 'refusal', 'tool_calls', 'cut', 'repeating', 'failure']

/** Returns the later reason, but keeps an earlier `length`, because the answer reached its limit. */
export const mergeFinishReasons = (
  earlier: FinishReason | undefined,
  later: FinishReason | undefined,
): FinishReason | undefined => (earlier === 'length' ? earlier : (later ?? earlier))
