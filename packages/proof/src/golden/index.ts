export { readGoldenSet } from './read-golden-set.ts'
export type { GoldenDocument, GoldenQuery, GoldenRoom, GoldenSet } from './types.ts'
