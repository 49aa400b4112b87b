export { changeRow, findRow, type RowChange, readRow } from './change-message.ts'
export {
  contentOf,
  INSERT_ROWS,
  type NewRow,
  ROW_COLUMNS,
  type RowRecord,
  rowOf,
  valuesOf,
  visibilityOf,
} from './message-row.ts'
export { mysqlPins } from './pins.ts'
export { readingQuestions } from './read-questions.ts'
export { THINKING } from './thinking-message.ts'
export { mysqlTimeline } from './timeline.ts'
