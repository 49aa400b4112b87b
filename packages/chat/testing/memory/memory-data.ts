import type {
  AuditRecord,
  ChatSession,
  Event,
  EventMember,
  EventSummary,
  FilterFinding,
  Message,
  MessageContent,
  User,
  Verdict,
} from '@engineer-chat/protocol'
import type { ActiveSlot } from '../../src/asking/active-sessions.ts'
import type { BudgetLimits, BudgetUsage } from '../../src/budgets/limits.ts'
import type { DocumentPiece } from '../../src/documents/split-document.ts'
import type { IndexedText } from '../../src/ranking/list-terms.ts'
import type { LlmCall } from '../../src/replying/reply-store.ts'
import type { IndicatorOccurrence } from '../../src/rooms/indicators/indicator-store.ts'
import { ChatError } from '../../src/shared/errors.ts'
import type { EventChangeRecord } from '../../src/shared/reply-context.ts'
import type { ReplyRef } from '../../src/shared/reply-queue.ts'
import type { StoredMessage } from '../../src/shared/room-change.ts'
import type { ExpiringSignIn } from '../../src/stores.ts'
import type { VoiceCall } from '../../src/voice/voice.ts'
import type { Reservation } from './budgets/reservation.ts'
import type { StoredDocument } from './documents/stored-document.ts'

/** Holds what a worker needs of a reply; times are in milliseconds. */
export interface ReplyState {
  tries: number
  lease_until: number | null
  /** Null means that the reply has ended. */
  due_at: number | null
  cancel_requested: boolean
  model: string | null
  request_id: string | null
  /** Holds the time at which the question was asked, or asked again. */
  accepted_at: number
  /** Lists the contents that the reply had before each retry. */
  versions: MessageContent[]
}

/** Every change replaces `row` as a whole, so that rows that were returned earlier stay unchanged. */
export interface MessageRecord {
  row: StoredMessage
  /** Holds the idempotency key of a question or post. */
  key: { client_message_id: string; request_hash: string } | null
  reply: ReplyState | null
}

export interface StoredRoom {
  /** Its `seq` is the room's counter. */
  event: Event
  /** Rows are sorted by position. */
  rows: MessageRecord[]
  /** Summaries are sorted with the oldest first. */
  summaries: EventSummary[]
  members: Map<string, Pick<EventMember, 'role' | 'created_at'>>
  /** Holds the read mark of each user. `visit_position` is the mark's position from before the present visit. */
  readMarks: Map<string, { position: number; visit_position: number; seen_seq: number; muted: boolean; at: number }>
  /** Lists the changes of the event, the oldest first. */
  changes: EventChangeRecord[]
}

/** Holds an indicator of a message or a report, as a row of the table does. */
export interface StoredOccurrence extends IndicatorOccurrence {
  event_id: string
  position: number
  audience: string
  created_at: string
}

/** Describes a call to a model with limits. */
export interface StoredSlot extends ReplyRef {
  model_id: string
  user_id: string
  tokens: number
  takenAtMs: number
}

interface RoomIndicators {
  /** The changes up to this number were read. */
  seq: number
  hasReport: boolean
  rows: Map<number, StoredOccurrence[]>
}

/** Holds the texts of a room's messages by position. */
interface IndexedRoom {
  /** The changes up to this number were read. */
  seq: number
  texts: Map<number, IndexedText>
}

interface Review {
  verdict: Verdict
  note: string | null
  reviewed_by: string
  reviewed_at: string
}

export type StoredSession = ChatSession & { active_slot: ActiveSlot | null }

/** Holds the data that all memory stores share. */
export interface MemoryData {
  now(): number
  rooms: Map<string, StoredRoom>
  messages: Map<string, MessageRecord>
  sessions: Map<string, StoredSession>
  users: Map<string, { user: User; password_hash: string }>
  signIns: Map<string, { user_id: string; ended: boolean; created_at: number; network_hash?: string }>
  refreshTokens: Map<string, { sign_in_id: string; expires_at: number; used: boolean }>
  tickets: Map<string, { holder: ExpiringSignIn; expires_at: number }>
  /** Holds the carry-over of each session that has one. */
  carriedOver: Map<string, string>
  /** Flagged replies are sorted with the oldest first. */
  flagged: Array<{
    message_id: string
    attempt: number
    hits: FilterFinding[]
    review: Review | null
    created_at: string
  }>
  feedback: Map<string, { rating: 'up' | 'down'; comment: string | null }>
  calls: LlmCall[]
  voiceCalls: VoiceCall[]
  auditLines: AuditRecord[]
  /** Holds the ids of the events under a legal hold. */
  legalHolds: Set<string>
  /** Counts the audit entries that were ever added. */
  auditEntryCount: number
  budgets: BudgetLimits
  spend: Map<string, BudgetUsage>
  reservations: Map<string, Reservation>
  indicators: Map<string, RoomIndicators>
  indexedRooms: Map<string, IndexedRoom>
  indexedPieces: Map<DocumentPiece, IndexedText>
  indexedEvents: Map<string, IndexedText>
  documents: Map<string, StoredDocument>
  /** Holds the busy models of each postponed reply. The reply may ask each from `readyAtMs` on. */
  postponed: Map<string, { attempt: number; models: Array<{ id: string; readyAtMs: number }> }>
  slots: StoredSlot[]
}

export function createMemoryData(now: () => number = Date.now, budgets: BudgetLimits = {}): MemoryData {
  return {
    now,
    rooms: new Map(),
    messages: new Map(),
    sessions: new Map(),
    users: new Map(),
    signIns: new Map(),
    refreshTokens: new Map(),
    tickets: new Map(),
    carriedOver: new Map(),
    flagged: [],
    feedback: new Map(),
    calls: [],
    voiceCalls: [],
    auditLines: [],
    legalHolds: new Set(),
    auditEntryCount: 0,
    budgets,
    spend: new Map(),
    reservations: new Map(),
    indicators: new Map(),
    indexedRooms: new Map(),
    indexedPieces: new Map(),
    indexedEvents: new Map(),
    documents: new Map(),
    postponed: new Map(),
    slots: [],
  }
}

export const getTimestamp = (data: MemoryData): string => new Date(data.now()).toISOString()

export function getRoom(data: MemoryData, event_id: string): StoredRoom {
  const room = data.rooms.get(event_id)
  if (!room) throw new ChatError('event_not_found')
  return room
}

/** Takes the room's next sequence number. */
export function takeNextSeq(room: StoredRoom): number {
  room.event = { ...room.event, seq: room.event.seq + 1 }
  return room.event.seq
}

/** Changes fields of a row, which keeps its position, and takes the room's next sequence number. */
export function changeMessage(
  data: MemoryData,
  stored: MessageRecord,
  message: Partial<Message>,
  row: Partial<StoredMessage> = {},
): StoredMessage {
  const seq = takeNextSeq(getRoom(data, stored.row.message.event_id))
  const changed = { ...stored.row.message, ...message, seq, updated_at: getTimestamp(data) }
  stored.row = { ...stored.row, ...row, message: changed }
  return stored.row
}

export const toRoomChange = (row: StoredMessage) => {
  const { event_id, seq } = row.message
  return { event_id, first_seq: seq, seq, rows: [row] }
}

export const findCurrentSummary = (room: StoredRoom): EventSummary | undefined => room.summaries.at(-1)
