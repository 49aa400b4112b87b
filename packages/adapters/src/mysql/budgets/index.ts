export { budgetUse } from './budget-use.ts'
export { type Asker, type Booking, book, letGo, lockSpend, reserve, settle, storeReservations } from './spend.ts'
