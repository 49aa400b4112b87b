export { createMessageStore } from './message-store.ts'
export { createSessionStore } from './sessions.ts'
