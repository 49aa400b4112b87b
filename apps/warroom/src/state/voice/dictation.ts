import { create } from 'zustand'
import { addToDraft } from '../asking/drafts.ts'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { useSettings } from '../page/settings.ts'
import { useSignIn } from '../people/sign-in.ts'
import { startOnDeviceDictation } from './on-device.ts'
import { startRecording } from './recording.ts'
import type { SpeechInput } from './speech-input.ts'
import { useVoiceAbilities } from './voice-abilities.ts'

/** Names the reason why no text was recognised: the microphone could not be used, or nobody was heard. */
export type DictationError = 'refused' | 'no_microphone' | 'busy_microphone' | 'nothing_heard'

export type Dictation =
  | { phase: 'off' }
  /** The browser asks the user for the microphone. */
  | { phase: 'asking'; event_id: string }
  /** `beganAtMs` is in milliseconds of `performance.now()`. */
  | { phase: 'recording'; event_id: string; beganAtMs: number }
  /** `isFull` is true if the recording ended because it reached its maximum size. */
  | { phase: 'transcribing'; event_id: string; isFull: boolean }
  /** The recording is kept for another try. */
  | { phase: 'failed'; event_id: string; errorKind: ErrorKind }
  /** No text was recognised. There is no recording for another try. */
  | { phase: 'unheard'; event_id: string; reason: DictationError }

const OFF: Dictation = { phase: 'off' }

export const useDictation = create<{ dictation: Dictation }>(() => ({ dictation: OFF }))

/** Controls the dictation that is running or has failed. */
let speechInput: SpeechInput | undefined
/** Each dictation has an id, so that a late result of an earlier dictation is ignored. */
let currentDictationId = 0

const setDictation = (dictation: Dictation): void => useDictation.setState({ dictation })
const getDictation = (): Dictation => useDictation.getState().dictation

/**
 * Starts the page's only dictation. Its text goes into the draft of the room in which it was started. Does nothing while
 * another dictation runs or its recording is kept: only `cancelDictation` discards a recording.
 */
export async function startDictation(event_id: string): Promise<void> {
  const { phase } = getDictation()
  if (phase !== 'off' && phase !== 'unheard') return
  cancelDictation()
  currentDictationId += 1
  const dictationId = currentDictationId
  setDictation({ phase: 'asking', event_id })
  try {
    const startedInput = await startSpeechInput(event_id, () => void finishDictation(true))
    if (dictationId !== currentDictationId) return startedInput.cancel()
    speechInput = startedInput
    setDictation({ phase: 'recording', event_id, beganAtMs: performance.now() })
    void startedInput.ended.then(() => finishEndedDictation(dictationId))
  } catch (error) {
    if (dictationId === currentDictationId)
      setDictation({ phase: 'unheard', event_id, reason: toDictationError(error) })
  }
}

function startSpeechInput(event_id: string, onFull: () => void): Promise<SpeechInput> {
  const { dictation: provider, limits } = useVoiceAbilities.getState()
  return provider === 'device'
    ? startOnDeviceDictation(useSettings.getState().language)
    : startRecording(event_id, limits.max_audio_bytes, onFull)
}

/** Shows what was heard, or why nothing was, when a dictation has ended by itself. */
function finishEndedDictation(dictationId: number): void {
  if (dictationId === currentDictationId && getDictation().phase === 'recording') void finishDictation()
}

/** Ends the recording and puts its text into the draft. After a failure, sends the same recording again. */
export async function finishDictation(isFull = false): Promise<void> {
  const dictation = getDictation()
  const dictationId = currentDictationId
  if (!speechInput || (dictation.phase !== 'recording' && dictation.phase !== 'failed')) return
  const { event_id } = dictation
  setDictation({ phase: 'transcribing', event_id, isFull })
  try {
    const text = (await speechInput.finish()).trim()
    if (dictationId !== currentDictationId) return
    speechInput = undefined
    const { user } = useSignIn.getState()
    if (user && text !== '') addToDraft(user.user_id, event_id, text)
    setDictation(text === '' ? { phase: 'unheard', event_id, reason: 'nothing_heard' } : OFF)
  } catch (error) {
    if (dictationId !== currentDictationId) return
    // Only dictation on this device throws a DOMException here. Its recogniser has failed and has kept no recording. A
    // failed request to the server throws another error, and the recording is kept for another try.
    if (error instanceof DOMException) setDictation({ phase: 'unheard', event_id, reason: toDictationError(error) })
    else setDictation({ phase: 'failed', event_id, errorKind: toErrorKind(error) })
  }
}

/** Ends the dictation and discards its recording. */
export function cancelDictation(): void {
  currentDictationId += 1
  speechInput?.cancel()
  speechInput = undefined
  setDictation(OFF)
}

/** Ends the dictation of a room when the user leaves the room, so that the microphone does not stay open. */
export function endDictationInRoom(event_id: string): void {
  const dictation = getDictation()
  if (dictation.phase === 'off' || dictation.event_id !== event_id) return
  if (dictation.phase === 'recording') void finishDictation()
  else if (dictation.phase === 'asking' || dictation.phase === 'unheard') cancelDictation()
}

function toDictationError(error: unknown): DictationError {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' ? 'no_microphone' : 'busy_microphone'
}
