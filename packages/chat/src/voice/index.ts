export { speakText } from './speak-text.ts'
export { transcribeRecording } from './transcribe-recording.ts'
export type { Recording, SpeechAudio, Transcript, Voice, VoiceCall, VoiceCallStore } from './voice.ts'
export { readVoiceAbilities, requireVoiceAbility } from './voice-abilities.ts'
