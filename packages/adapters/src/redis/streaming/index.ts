export { createReplyStreams } from './reply-streams.ts'
export { readReplyText } from './reply-text.ts'
