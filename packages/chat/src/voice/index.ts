export { speakText, transcribeRecording } from './use-voice.ts'
export type { Recording, Spoken, Transcript, Voice, VoiceCall, VoiceCalls } from './voice.ts'
