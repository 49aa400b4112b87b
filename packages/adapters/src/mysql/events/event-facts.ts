import type { EventFacts, EventFactsCache } from '@engineer-chat/chat/events'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import {
  EVENT_COLUMNS,
  type EventRecord,
  SUMMARY_COLUMNS,
  type SummaryRecord,
  toEvent,
  toSummary,
} from './event-row.ts'

/** Selects the version of the facts of `events e`: the last change of the event and its latest summary define it. */
export const FACTS_VERSION = `CONCAT_WS('.', COALESCE((SELECT c.seq FROM event_changes c WHERE c.event_id = e.event_id
    ORDER BY c.seq DESC LIMIT 1), 0), COALESCE(e.summary_version, 'none')) AS facts_version`

export interface FactsVersion {
  event_id: string
  /** Holds the room's sequence number. It grows with every message, so it is not part of the version. */
  seq: number
  /** Holds `<seq of the last change, or 0>.<version of the latest summary, or none>`. */
  facts_version: string
}

/** Reads from the version whether the event has changes and a summary. */
export const readFactsVersion = ({ facts_version }: FactsVersion) => ({
  hasChanges: !facts_version.startsWith('0.'),
  hasSummary: !facts_version.endsWith('.none'),
})

/** Takes the facts from the cache if they have this version. Otherwise it reads them from MySQL and caches them. */
export async function findEventFacts(
  pool: Pool,
  cache: EventFactsCache | undefined,
  { event_id, seq, facts_version }: FactsVersion,
): Promise<EventFacts | undefined> {
  const cachedFacts = await cache?.find(event_id)
  if (cachedFacts?.version === facts_version) return { ...cachedFacts, event: { ...cachedFacts.event, seq } }
  const facts = await readEventFacts(pool, event_id)
  if (facts) cache?.put(facts)
  return facts
}

interface FactsRecord extends RowDataPacket {
  e: EventRecord
  /** All fields of `s` are null if the event has no summary. */
  s: SummaryRecord | Record<keyof SummaryRecord, null>
  /** The driver puts computed columns, which belong to no table, under the empty name. */
  '': { facts_version: string }
}

// One statement reads event, summary and version, so that all are of one moment.
async function readEventFacts(pool: Pool, event_id: string): Promise<EventFacts | undefined> {
  const [[row]] = await pool.execute<FactsRecord[]>({
    sql: `SELECT ${qualify('e', EVENT_COLUMNS)}, ${qualify('s', SUMMARY_COLUMNS)}, ${FACTS_VERSION}
      FROM events e LEFT JOIN summaries s ON s.event_id = e.event_id AND s.version = e.summary_version
      WHERE e.event_id = ?`,
    values: [event_id],
    nestTables: true,
  })
  if (!row) return undefined
  const summary = row.s.version === null ? null : toSummary(row.s)
  return { version: row[''].facts_version, event: toEvent(row.e), summary }
}

const qualify = (table: string, columns: string): string => columns.replace(/\w+/g, (column) => `${table}.${column}`)
