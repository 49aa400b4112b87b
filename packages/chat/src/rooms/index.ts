export { toAgentContent } from './agent-content.ts'
export { exportRoom } from './export/export-room.ts'
export { type FollowLimits, followRooms, type RoomFollower, resetRooms } from './follow-rooms.ts'
export { addIndicators, listIndicators } from './indicators/add-indicators.ts'
export { isDomain, isInternalDomain } from './indicators/domain-names.ts'
export { findIndicators } from './indicators/find-indicators.ts'
export { INDICATOR_RULES } from './indicators/indicator-rules.ts'
export {
  type EventReport,
  type IndicatorOccurrence,
  type IndicatorReader,
  type IndicatorRules,
  type IndicatorStore,
  REPORT_POSITION,
} from './indicators/indicator-store.ts'
export { listRoomIndicators } from './indicators/list-room-indicators.ts'
export { searchIndicators } from './indicators/search-indicators.ts'
export { listPins } from './list-pins.ts'
export { markRead } from './mark-read.ts'
export type {
  AskResult,
  GetRetryReservation,
  MessageChangeResult,
  MessageStore,
  NewPost,
  NewQuestion,
  OwnReplyStore,
  PostStore,
  QuestionStore,
  RetryOptions,
  ShareStore,
} from './message-store.ts'
export { EMPTY_REPLY_FIELDS, type NewRow } from './new-row.ts'
export { pinMessage, unpinMessage } from './pin-message.ts'
export type { PinStore } from './pin-store.ts'
export { postMessage } from './post-message.ts'
export { type FoundQuote, findQuote, findQuoteRefusal, listHashedParts } from './quotes/find-quote.ts'
export { readTimeline } from './read-timeline.ts'
export { searchRoom } from './search-room.ts'
export type { StoredPage, Timeline } from './timeline.ts'
