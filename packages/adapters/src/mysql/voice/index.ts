export { mysqlVoiceCalls } from './voice-calls.ts'
