export { type Hidden, redactor } from './redactor.ts'
export { type Reader, restorer } from './restorer.ts'
