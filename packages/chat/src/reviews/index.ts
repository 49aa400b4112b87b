export { judgeFlagged, listFlagged } from './flagged-replies.ts'
export { giveFeedback } from './give-feedback.ts'
export type { Flagged, Reviews } from './review-store.ts'
