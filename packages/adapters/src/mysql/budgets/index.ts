export { createBudgetUsageReader } from './budget-use.ts'
export {
  type Asker,
  bookSpend,
  lockUsage,
  releaseReservation,
  reserveSpend,
  settleSpend,
  storeReservations,
} from './spend.ts'
