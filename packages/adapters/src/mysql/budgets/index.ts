export { createBudgetUsageReader } from './budget-use.ts'
export {
  type Asker,
  type Booking,
  bookSpend,
  lockUsage,
  releaseReservation,
  reserveSpend,
  settleSpend,
  storeReservations,
} from './spend.ts'
