import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import type { PromptSettings } from '@engineer-chat/chat/prompting'
import type { Config } from './table.ts'

/** Returns the settings for building prompts. The tokenizer's calibration belongs to this process. */
export const toPromptSettings = ({ prompts }: Pick<Config, 'prompts'>): PromptSettings => ({
  contextWindow: prompts.contextWindowTokens,
  answerTokens: prompts.answerTokens,
  isMailRedacted: prompts.isMailRedacted,
  calibration: createTokenCalibration(),
})

/** Returns the budgets that are set. A limit of money is kept in millionths. */
export function toBudgetLimits({ budgets }: Pick<Config, 'budgets'>): BudgetLimits {
  const limits = {
    user: toLimit(budgets.userDailyTokens, budgets.userDailyCost),
    event: toLimit(budgets.eventTokens, budgets.eventCost),
    all: toLimit(budgets.dailyTokens, budgets.dailyCost),
  }
  return Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined))
}

function toLimit(tokens: number | undefined, cost: number | undefined): BudgetLimits['user'] {
  if (tokens === undefined && cost === undefined) return undefined
  return { ...(tokens !== undefined && { tokens }), ...(cost !== undefined && { micros: Math.round(cost * 1e6) }) }
}
