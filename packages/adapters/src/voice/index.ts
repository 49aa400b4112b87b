export { openAiVoice, type VoiceSettings } from './openai-voice.ts'
