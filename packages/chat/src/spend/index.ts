export { type Amount, NOTHING } from './amounts.ts'
export * from './budgets.ts'
export { holdFor } from './hold-for.ts'
