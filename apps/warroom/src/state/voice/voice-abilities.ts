import type { VoiceAbilities } from '@engineer-chat/protocol'
import { create } from 'zustand'
import type { Language } from '../../i18n/language.ts'
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
/** Says whether the server can transcribe; undefined until the abilities have been loaded. */
let canServerTranscribe: boolean | undefined

/** Loads the abilities once. After a failure the page offers no voice and shows no error; the next call tries again. */
export async function loadVoiceAbilities(): Promise<void> {
  if (isRequested) return
  isRequested = true
  try {
    const { transcription, speech, inside = false, max_audio_bytes } = await client.getVoiceAbilities()
    useVoiceAbilities.setState({ speech, inside, limits: { max_audio_bytes } })
    canServerTranscribe = transcription
    await updateDictation()
  } catch {
    isRequested = false
  }
}

/** This machine recognises speech in some languages only, so the page's language decides whether it can be used. */
async function updateDictation(): Promise<void> {
  if (canServerTranscribe === undefined) return
  const { language } = useSettings.getState()
  const dictation = await chooseDictation(canServerTranscribe, language)
  if (language === useSettings.getState().language) useVoiceAbilities.setState({ dictation })
}

useSettings.subscribe(({ language }, previous) => {
  if (language !== previous.language) void updateDictation()
})

/** Chooses the server if an endpoint for transcription is configured, or else this machine. */
async function chooseDictation(isServerConfigured: boolean, language: Language): Promise<SpeechProvider> {
  // Browsers have no microphone over plain HTTP, except on localhost.
  const canRecord = navigator.mediaDevices !== undefined && typeof MediaRecorder === 'function'
  if (isServerConfigured) return canRecord ? 'server' : null
  return (await canDictateOnDevice(language)) ? 'device' : null
}
