export { changeMessage, findMessage, getMessage, type MessageChange } from './change-message.ts'
export {
  INSERT_MESSAGES,
  MESSAGE_COLUMNS,
  type MessageRecord,
  type NewMessage,
  parseContent,
  toStoredMessage,
  toValues,
  toVisibility,
} from './message-row.ts'
export { createPinStore } from './pins.ts'
export { selectQuestions } from './read-questions.ts'
export { THINKING } from './thinking-message.ts'
export { createTimeline } from './timeline.ts'
