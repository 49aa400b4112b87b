export { type Amount, amountOf, atMost, costOf, guessUsage, NOTHING } from './amounts.ts'
export {
  type BudgetLimits,
  type BudgetScope,
  NO_SPEND,
  refusalOfBudget,
  type Spend,
  type SpendKey,
  spendId,
  spendKeys,
} from './limits.ts'
export { holdFor } from './reservation.ts'
