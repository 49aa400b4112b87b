export { type Hidden, type Redactor, redactor } from './redactor.ts'
export { type Reader, restorer } from './restorer.ts'
