import type { VoiceAbilities } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { useSettings } from '../page/settings.ts'
import { client } from '../people/sign-in.ts'
import { canDictateOnDevice } from './on-device.ts'

/**
 * Names what handles speech: the configured endpoint or this machine. Null means neither, and the page shows no
 * button.
 */
export type SpeechProvider = 'server' | 'device' | null

export interface VoiceAbilitiesState {
  dictation: SpeechProvider
  /**
   * Says whether the server can read aloud. Whether this machine can do it is checked for the language of each text.
   */
  speech: boolean
  /** Says whether the server's endpoint may receive sound and texts of TLP:RED events. */
  inside: boolean
  limits: Pick<VoiceAbilities, 'max_audio_bytes'>
}

export const useVoiceAbilities = create<VoiceAbilitiesState>(() => ({
  dictation: null,
  speech: false,
  inside: false,
  limits: { max_audio_bytes: 0 },
}))

let isRequested = false

/** Loads once for the page. After a failure the page shows no error and offers no voice. */
export async function loadVoiceAbilities(): Promise<void> {
  if (isRequested) return
  isRequested = true
  try {
    const { transcription, speech, inside = false, max_audio_bytes } = await client.getVoiceAbilities()
    const dictation = await chooseDictation(transcription)
    useVoiceAbilities.setState({ speech, inside, limits: { max_audio_bytes }, dictation })
  } catch {
    isRequested = false
  }
}

/** Browsers have no microphone over plain http, except on localhost. */
async function chooseDictation(isConfigured: boolean): Promise<SpeechProvider> {
  const canRecord = navigator.mediaDevices !== undefined && typeof MediaRecorder === 'function'
  if (isConfigured) return canRecord ? 'server' : null
  return (await canDictateOnDevice(useSettings.getState().language)) ? 'device' : null
}
