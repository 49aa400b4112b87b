export { FACTS_VERSION, type FactsVersion, getEventFacts } from './event-facts.ts'
export {
  EVENT_COLUMNS,
  type EventRecord,
  SUMMARY_COLUMNS,
  type SummaryRecord,
  toEvent,
  toSummary,
} from './event-row.ts'
export { createEventStore } from './events.ts'
