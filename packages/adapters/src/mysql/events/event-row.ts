import type { Event, EventSummary } from '@engineer-chat/protocol'
import { getTableColumns } from 'drizzle-orm'
import { type TableRow, toIso } from '../core/index.ts'
import { events, summaries } from '../schema/index.ts'

/** Lists the columns of an event for hand-written SQL: all of the schema's, because each is a field of `Event`. */
export const EVENT_COLUMNS = listColumns(getTableColumns(events))

export type EventRecord = TableRow<typeof events>

/** Converts a row that hand-written SQL has read. A field of `Event` that the schema lacks does not compile. */
export const toEvent = ({ created_at, updated_at, ...rest }: EventRecord): Event => ({
  ...rest,
  created_at: toIso(created_at),
  updated_at: toIso(updated_at),
})

/** Lists the columns of a summary that users may read. */
export const SUMMARY_FIELDS = {
  version: summaries.version,
  round_id: summaries.round_id,
  event_summary: summaries.event_summary,
  event_suggestion: summaries.event_suggestion,
  updated_at: summaries.updated_at,
} satisfies Record<keyof EventSummary, unknown>

/** Lists the same columns for hand-written SQL. */
export const SUMMARY_COLUMNS = listColumns(SUMMARY_FIELDS)

export type SummaryRecord = EventSummary

/** Converts a row that hand-written SQL has read. */
export const toSummary = ({
  version,
  round_id,
  event_summary,
  event_suggestion,
  updated_at,
}: SummaryRecord): EventSummary => ({
  version,
  round_id,
  event_summary,
  event_suggestion,
  updated_at: toIso(updated_at),
})

function listColumns(fields: object): string {
  return Object.keys(fields).join(', ')
}
