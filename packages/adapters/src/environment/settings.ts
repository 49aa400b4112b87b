import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { CONTEXT_SOURCE_KINDS, type PromptSettings } from '@engineer-chat/chat/prompting'
import { parseRedisAddress, type RedisAddress } from './redis-address.ts'
import type { Config } from './table.ts'

/** Returns the settings of TLS to MySQL, or undefined if it is off. Without `ca`, the CAs of Node.js are used. */
export const toDatabaseTls = ({ database }: Pick<Config, 'database'>): { ca: string | undefined } | undefined =>
  database.tls === 'verify' ? { ca: database.ca } : undefined

export function toRedisAddress({ redis }: Pick<Config, 'redis'>): RedisAddress {
  const address = parseRedisAddress(redis.url)
  const tls = address.tls || redis.tls === 'verify'
  return { ...address, tls, ...(redis.ca !== undefined && { ca: redis.ca }) }
}

/** Returns the settings for building prompts, with a new calibration of the tokenizer for this process. */
export const toPromptSettings = ({ prompts }: Pick<Config, 'prompts'>): PromptSettings => ({
  contextWindow: prompts.contextWindowTokens,
  answerTokens: prompts.answerTokens,
  roomTokens: prompts.roomTokens,
  isMailRedacted: prompts.isMailRedacted,
  calibration: createTokenCalibration(),
  sourceKinds: new Set(CONTEXT_SOURCE_KINDS.filter((kind) => prompts.sources.includes(kind))),
})

/** Returns the budgets that are set. A limit of money becomes millionths of the currency. */
export function toBudgetLimits({ budgets }: Pick<Config, 'budgets'>): BudgetLimits {
  const limits = {
    user: toLimit(budgets.userDailyTokens, budgets.userDailyCost),
    event: toLimit(budgets.eventTokens, budgets.eventCost),
    all: toLimit(budgets.dailyTokens, budgets.dailyCost),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

const MICROS_PER_UNIT = 1_000_000

function toLimit(tokens: number | undefined, cost: number | undefined): BudgetLimits['user'] {
  if (tokens === undefined && cost === undefined) return undefined
  return {
    ...(tokens !== undefined && { tokens }),
    ...(cost !== undefined && { micros: Math.round(cost * MICROS_PER_UNIT) }),
  }
}

/** Returns the settings for sending traces, or undefined if the configuration names no collector. */
export function toTracingSettings({ tracing: { endpoint, ...otherSettings } }: Pick<Config, 'tracing'>) {
  return endpoint === undefined ? undefined : { ...otherSettings, endpoint }
}
