export { createVoiceCallStore } from './voice-calls.ts'
