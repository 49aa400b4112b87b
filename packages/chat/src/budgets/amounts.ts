import type { Usage } from '@engineer-chat/protocol'
import { estimateTokens, type ModelEntry, type Prices, TOKENS_PER_TURN, type Turn } from '../models/index.ts'

/** Tokens, and millionths of the models file's currency. */
export interface Amount {
  tokens: number
  micros: number
}

export const NOTHING: Amount = { tokens: 0, micros: 0 }

/** What is held for an answer whose model has no limit of its own. */
const ASSUMED_ANSWER_TOKENS = 4_096
/** What is held for a prompt that isn't built yet. */
const ASSUMED_PROMPT_TOKENS = 16_384

/** A price per million tokens is a price in millionths per token. Rounded up. */
export function costOf(prices: Prices | null, { prompt_tokens, completion_tokens }: Usage): number | null {
  return prices && Math.ceil(prompt_tokens * prices.prompt + completion_tokens * prices.completion)
}

/** What a call may take at most; `prompt` is left out before it is built. Models that cost nothing take nothing. */
export function atMost(
  model: Pick<ModelEntry, 'provider' | 'max_tokens' | 'prices' | 'context_window'>,
  prompt?: Turn[],
): Amount {
  if (model.provider === 'offline') return NOTHING
  const prompt_tokens = prompt
    ? promptTokens(prompt)
    : Math.min(ASSUMED_PROMPT_TOKENS, model.context_window ?? ASSUMED_PROMPT_TOKENS)
  return amountOf(model.prices, { prompt_tokens, completion_tokens: model.max_tokens ?? ASSUMED_ANSWER_TOKENS })
}

export const amountOf = (prices: Prices | null, usage: Usage): Amount => ({
  tokens: usage.prompt_tokens + usage.completion_tokens,
  micros: costOf(prices, usage) ?? 0,
})

export function largest(amounts: Amount[]): Amount {
  return {
    tokens: Math.max(0, ...amounts.map(({ tokens }) => tokens)),
    micros: Math.max(0, ...amounts.map(({ micros }) => micros)),
  }
}

const promptTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/** What a call took that gave no count of its own: what was sent, and what came back. */
export const guessUsage = (turns: Turn[], said: string): Usage => ({
  prompt_tokens: promptTokens(turns),
  completion_tokens: estimateTokens(said),
})
