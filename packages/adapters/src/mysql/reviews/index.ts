export { flag, mysqlReviews } from './reviews.ts'
