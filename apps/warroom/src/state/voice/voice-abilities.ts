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

/** Loads the abilities once. After a failure the page offers no voice and shows no error; the next call tries again. */
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

/** Chooses the server if an endpoint for transcription is configured, or else this machine. */
async function chooseDictation(isServerConfigured: boolean): Promise<SpeechProvider> {
  // Browsers have no microphone over plain HTTP, except on localhost.
  const canRecord = navigator.mediaDevices !== undefined && typeof MediaRecorder === 'function'
  if (isServerConfigured) return canRecord ? 'server' : null
  return (await canDictateOnDevice(useSettings.getState().language)) ? 'device' : null
}
