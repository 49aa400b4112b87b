export { type AuditEntry, type AuditLog, sendEntry, type Trail } from './audit.ts'
export { type Clock, systemClock } from './clock.ts'
export { ChatError } from './errors.ts'
export { newId, newSessionId, newToken, sha256 } from './ids.ts'
export type { Log, LogFields } from './log.ts'
export type {
  Audience,
  Caller,
  EventChange,
  Material,
  Membership,
  PastTurn,
  PersonPost,
  ReplyContext,
  ReplyRef,
  RoomChange,
  Row,
} from './model.ts'
export type { Items } from './paginate.ts'
export { tell } from './publish-change.ts'
export type {
  CancelFeed,
  Delta,
  LiveReplies,
  LiveReply,
  LiveText,
  ReplyQueue,
  RoomBus,
  RoomFeed,
  RoomHint,
  TicketStore,
} from './room-bus.ts'
export { invalid, languageOf, personText, repairJson, repairText, wellFormed } from './text.ts'
