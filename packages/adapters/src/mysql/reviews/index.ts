export { createReviewStore, storeFlag } from './reviews.ts'
