export { createOpenAiVoice, type VoiceSettings } from './openai-voice.ts'
