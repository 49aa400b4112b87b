import type { Spend } from '../../../src/budgets/amounts.ts'
import type { SpendKey } from '../../../src/budgets/limits.ts'

export interface Reservation {
  attempt: number
  keys: SpendKey[]
  amount: Spend
}
