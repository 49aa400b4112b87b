export { computeCost, estimateMaxSpend, estimateUsage, NO_SPEND, type Spend, toSpend } from './amounts.ts'
export {
  type BudgetLimits,
  type BudgetScope,
  type BudgetUsage,
  findBudgetRefusal,
  listSpendKeys,
  NO_USAGE,
  type SpendChange,
  type SpendKey,
  toSpendId,
} from './limits.ts'
export { estimateReservation } from './reservation.ts'
