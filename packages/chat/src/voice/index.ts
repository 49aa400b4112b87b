export { speakText, transcribeRecording } from './use-voice.ts'
export type { Recording, SpeechAudio, Transcript, Voice, VoiceCall, VoiceCallStore } from './voice.ts'
