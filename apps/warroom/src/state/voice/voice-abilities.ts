import type { VoiceAbilities } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { useSettings } from '../page/settings.ts'
import { client } from '../people/session.ts'
import { canDictateOnDevice } from './on-device.ts'

/** Who does it: the endpoint that the operator chose, or this machine. Null: nobody, and there is no button. */
export type SpeechProvider = 'server' | 'device' | null

export interface VoiceAbilitiesState {
  dictation: SpeechProvider
  /** Whether the server speaks; what the device can say depends on the language of the text. */
  speech: boolean
  limits: Pick<VoiceAbilities, 'max_audio_bytes'>
}

export const useVoice = create<VoiceAbilitiesState>(() => ({
  dictation: null,
  speech: false,
  limits: { max_audio_bytes: 0 },
}))

let asked = false

/** Once for the page. Without an answer there is no voice, which is no reason to trouble anybody. */
export async function loadVoice(): Promise<void> {
  if (asked) return
  asked = true
  try {
    const { transcription, speech, max_audio_bytes } = await client.voice()
    useVoice.setState({ speech, limits: { max_audio_bytes }, dictation: await chooseDictation(transcription) })
  } catch {
    asked = false
  }
}

/** Over plain http, but for this machine's own, browsers have no microphone. */
async function chooseDictation(isConfigured: boolean): Promise<SpeechProvider> {
  const canRecord = navigator.mediaDevices !== undefined && typeof MediaRecorder === 'function'
  if (isConfigured) return canRecord ? 'server' : null
  return (await canDictateOnDevice(useSettings.getState().language)) ? 'device' : null
}
