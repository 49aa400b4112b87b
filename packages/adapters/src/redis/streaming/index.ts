export { createReplyStreams } from './live-replies.ts'
export { readReplyText } from './reply-text.ts'
