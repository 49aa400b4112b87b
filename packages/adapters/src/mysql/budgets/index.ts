export { createBudgetUsageReader } from './budget-use.ts'
export {
  bookSpend,
  lockUsage,
  releaseReservation,
  reserveSpend,
  type Spender,
  settleSpend,
  storeReservations,
} from './spend.ts'
