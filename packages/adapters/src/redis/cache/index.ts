export { createEventFactsCache } from './event-facts-cache.ts'
export { createSharedRateCounters } from './rate-counters.ts'
