import type { Event, EventSummary } from '@engineer-chat/protocol'
import type { RowDataPacket } from 'mysql2/promise'
import { toIso } from '../core/index.ts'

export const EVENT_COLUMNS = `event_id, event_name, message, context, severity, source, event_status, access, seq,
  summary_version, created_by, created_at, updated_at`

export type EventRecord = Event & RowDataPacket

export const toEvent = (record: EventRecord): Event => ({
  event_id: record.event_id,
  event_name: record.event_name,
  message: record.message,
  context: record.context,
  severity: record.severity,
  source: record.source,
  event_status: record.event_status,
  access: record.access,
  seq: record.seq,
  summary_version: record.summary_version,
  created_by: record.created_by,
  created_at: toIso(record.created_at),
  updated_at: toIso(record.updated_at),
})

export const SUMMARY_COLUMNS = 'version, round_id, event_summary, event_suggestion, updated_at'

export type SummaryRecord = EventSummary & RowDataPacket

export const toSummary = (record: SummaryRecord): EventSummary => ({
  version: record.version,
  round_id: record.round_id,
  event_summary: record.event_summary,
  event_suggestion: record.event_suggestion,
  updated_at: toIso(record.updated_at),
})
