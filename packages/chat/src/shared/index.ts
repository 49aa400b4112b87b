export type { AuditActor, AuditContext, AuditEntry, AuditedAct, AuditLog } from './audit/audit.ts'
export { describeAct } from './audit/audited-acts.ts'
export { type Clock, systemClock } from './clock.ts'
export { ChatError } from './errors.ts'
export { createId, createSessionId, createToken, sha256 } from './ids.ts'
export type { Installation } from './installation.ts'
export type { Items } from './items.ts'
export { type Log, type LogFields, withLogFields } from './log.ts'
export { notifyRoomAndQueue } from './notify-room-and-queue.ts'
export type { AccessAndRole, Principal } from './principal.ts'
export type {
  EventChangeRecord,
  PastRound,
  QuotedText,
  RankingQuery,
  ReplyContext,
  RoomMessage,
  RoomSources,
  RoomTotals,
  SimilarIncident,
  SourcePiece,
  Total,
} from './reply-context.ts'
export type { JobOptions, JobOrigin, ReplyJob, ReplyQueue, ReplyRef } from './reply-queue.ts'
export type { ReplyStream, ReplyStreams, ReplyText, TextDelta } from './reply-streams.ts'
export type { CancelFeed, RoomBus } from './room-bus.ts'
export type { Audience, LockedRoom, RoomChange, StoredMessage } from './room-change.ts'
export type { RoomFeed, RoomHint } from './room-feed.ts'
export { detectLanguage, repairJson, repairText, requireWellFormed, throwInvalid, trimAndCheckText } from './text.ts'
export type { TicketStore } from './tickets.ts'
export type { Span, SpanFields, SpanOptions, Tracer } from './tracing.ts'
export {
  type LogLine,
  listInputEvent,
  listNoEvent,
  listResultEvent,
  type Verb,
  type VerbCall,
  type VerbReport,
} from './verb.ts'
export { replaceWrittenNumbers, WrittenNumber } from './written-number.ts'
