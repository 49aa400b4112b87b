export { factsCache } from './event-facts-cache.ts'
export { sharedCounts } from './rate-counters.ts'
