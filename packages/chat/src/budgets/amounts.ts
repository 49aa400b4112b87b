import type { Usage } from '@engineer-chat/protocol'
import { estimateTokens, isAnalyst, type ModelEntry, type Prices, TOKENS_PER_TURN, type Turn } from '../models/index.ts'

/** Holds an amount of tokens and of money: what calls have spent, what they may spend, or what is reserved for them. */
export interface Spend {
  tokens: number
  /** Counts millionths of the currency of the models file. */
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
 * Estimates the most that a call may spend. `turns` are its prompt, or undefined if the prompt is not built yet. Then a
 * length of the prompt is assumed. The offline analyst spends nothing.
 */
export function estimateMaxSpend(
  model: Pick<ModelEntry, 'provider' | 'max_tokens' | 'prices' | 'context_window'>,
  turns?: Turn[],
): Spend {
  if (isAnalyst(model)) return NO_SPEND
  const prompt_tokens = turns
    ? estimatePromptTokens(turns)
    : Math.min(ASSUMED_PROMPT_TOKENS, model.context_window ?? ASSUMED_PROMPT_TOKENS)
  return toSpend(model.prices, { prompt_tokens, completion_tokens: model.max_tokens ?? ASSUMED_ANSWER_TOKENS })
}

/** Converts the usage of a call to its spend. The money is 0 if the price is not known. */
export const toSpend = (prices: Prices | null, usage: Usage): Spend => ({
  tokens: usage.prompt_tokens + usage.completion_tokens,
  micros: computeCost(prices, usage) ?? 0,
})

/**
 * Returns the smallest spend that covers each one of the list. It has the largest number of tokens and the largest
 * number of micros, which may come from two different spends. It is `NO_SPEND` for an empty list.
 */
export function computeUpperBound(spends: Spend[]): Spend {
  return {
    tokens: Math.max(0, ...spends.map(({ tokens }) => tokens)),
    micros: Math.max(0, ...spends.map(({ micros }) => micros)),
  }
}

const estimatePromptTokens = (turns: Turn[]): number =>
  turns.reduce((sum, { content }) => sum + estimateTokens(content) + TOKENS_PER_TURN, 0)

/**
 * Estimates the usage of a call for which the provider reported none. `output` is all text that was received: reasoning
 * and answer.
 */
export const estimateUsage = (turns: Turn[], output: string): Usage => ({
  prompt_tokens: estimatePromptTokens(turns),
  completion_tokens: estimateTokens(output),
})
