export { removeFromIndex } from './follow-messages.ts'
export { createTextIndex } from './text-index.ts'
