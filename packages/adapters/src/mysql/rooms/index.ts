export { changeMessage, findMessage, getMessage } from './change-message.ts'
export { deriveNextRows, type RoomProgress, type RoomReader, resetIfEventExists } from './follow-room.ts'
export { lockIndicators } from './indicators/follow-messages.ts'
export { createIndicatorStore } from './indicators/indicators.ts'
export {
  INSERT_MESSAGES,
  type KeyedRecord,
  MESSAGE_COLUMNS,
  type MessageRecord,
  toStoredMessage,
  toValues,
  toVisibility,
} from './message-row.ts'
export { createPinStore } from './pins.ts'
export { selectEarlierQuestions } from './read-questions.ts'
export { createTimeline } from './timeline.ts'
