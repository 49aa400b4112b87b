export { liveReplies } from './live-replies.ts'
export { readLiveText } from './reply-text.ts'
