export { judgeFlaggedReply, listFlaggedReplies } from './flagged-replies.ts'
export { giveFeedback } from './give-feedback.ts'
export type { ReviewStore, StoredFlaggedReply } from './review-store.ts'
