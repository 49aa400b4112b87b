import type { Usage } from '@engineer-chat/protocol'
import { estimateTokens, isAnalyst, type ModelEntry, type Prices, TOKENS_PER_TURN, type Turn } from '../models/index.ts'

/** Holds the tokens and the money that calls spend. `micros` are millionths of the models file's currency. */
export interface Spend {
  tokens: number
  micros: number
}

export const NO_SPEND: Spend = { tokens: 0, micros: 0 }

/** A call reserves this many tokens for its answer if the model has no `max_tokens`. */
const ASSUMED_ANSWER_TOKENS = 4_096
/** A call reserves this many tokens for a prompt that is not built yet. */
const ASSUMED_PROMPT_TOKENS = 16_384

/**
 * Returns the cost in millionths of the currency, rounded up, or null if the price is not known. `Prices` are per
 * million tokens, so tokens times price is already in millionths.
 */
export function computeCost(prices: Prices | null, { prompt_tokens, completion_tokens }: Usage): number | null {
  return prices && Math.ceil(prompt_tokens * prices.prompt + completion_tokens * prices.completion)
}

/**
 * Estimates the most that a call may spend. `prompt` is undefined if the prompt is not built yet; then its length is
 * assumed. The offline analyst spends nothing.
 */
export function estimateMaxSpend(
  model: Pick<ModelEntry, 'provider' | 'max_tokens' | 'prices' | 'context_window'>,
  prompt?: Turn[],
): Spend {
  if (isAnalyst(model)) return NO_SPEND
  const prompt_tokens = prompt
    ? estimatePromptTokens(prompt)
    : Math.min(ASSUMED_PROMPT_TOKENS, model.context_window ?? ASSUMED_PROMPT_TOKENS)
  return toSpend(model.prices, { prompt_tokens, completion_tokens: model.max_tokens ?? ASSUMED_ANSWER_TOKENS })
}

/** Counts no money if the price is not known. */
export const toSpend = (prices: Prices | null, usage: Usage): Spend => ({
  tokens: usage.prompt_tokens + usage.completion_tokens,
  micros: computeCost(prices, usage) ?? 0,
})

/** Returns the largest number of tokens and the largest cost, which may come from two different spends. */
export function combineLargest(spends: Spend[]): Spend {
  return {
    tokens: Math.max(0, ...spends.map(({ tokens }) => tokens)),
    micros: Math.max(0, ...spends.map(({ micros }) => micros)),
  }
}

const estimatePromptTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/** Estimates the usage of a call whose provider reported none, from the sent prompt and the received text. */
export const estimateUsage = (turns: Turn[], output: string): Usage => ({
  prompt_tokens: estimatePromptTokens(turns),
  completion_tokens: estimateTokens(output),
})
