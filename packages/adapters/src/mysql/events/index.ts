export { FACTS_VERSION, type FactsNow, factsOf } from './event-facts.ts'
export {
  EVENT_COLUMNS,
  type EventRecord,
  eventOf,
  SUMMARY_COLUMNS,
  type SummaryRecord,
  summaryOf,
} from './event-row.ts'
export { mysqlEvents } from './events.ts'
