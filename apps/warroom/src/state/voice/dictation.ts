import { create } from 'zustand'
import { addToDraft } from '../asking/drafts.ts'
import { type ErrorKind, toErrorKind } from '../page/problems.ts'
import { useSettings } from '../page/settings.ts'
import { useSession } from '../people/session.ts'
import type { Listener } from './listener.ts'
import { startOnDeviceDictation } from './on-device.ts'
import { record } from './recording.ts'
import { useVoice } from './voice-abilities.ts'

/** Names the reason why there is no microphone, or reports that nothing was understood. */
export type DictationError = 'refused' | 'no_microphone' | 'busy_microphone' | 'nothing_heard'

export type Dictation =
  | { phase: 'off' }
  /** The browser asks the user for the microphone. */
  | { phase: 'asking'; event_id: string }
  | { phase: 'recording'; event_id: string; began_at: number }
  | { phase: 'transcribing'; event_id: string; isFull: boolean }
  /** The recording is kept for another try. */
  | { phase: 'failed'; event_id: string; trouble: ErrorKind }
  /** Nothing was recorded or understood. */
  | { phase: 'unheard'; event_id: string; why: DictationError }

const OFF: Dictation = { phase: 'off' }

export const useDictation = create<{ dictation: Dictation }>(() => ({ dictation: OFF }))

let listener: Listener | undefined
/** Numbers the dictations; a result of an earlier one is ignored. */
let turn = 0

const setDictation = (dictation: Dictation): void => useDictation.setState({ dictation })
const getDictation = (): Dictation => useDictation.getState().dictation

/** Starts the page's only dictation. Its text goes into the draft of the room in which it was started. */
export async function startDictation(event_id: string): Promise<void> {
  cancelDictation()
  turn += 1
  const mine = turn
  setDictation({ phase: 'asking', event_id })
  try {
    const started = await listen(event_id, () => void finishDictation(true))
    if (mine !== turn) return started.cancel()
    listener = started
    setDictation({ phase: 'recording', event_id, began_at: performance.now() })
  } catch (error) {
    if (mine === turn) setDictation({ phase: 'unheard', event_id, why: toDictationError(error) })
  }
}

function listen(event_id: string, onFull: () => void): Promise<Listener> {
  const { dictation, limits } = useVoice.getState()
  return dictation === 'device'
    ? startOnDeviceDictation(useSettings.getState().language)
    : record(event_id, limits.max_audio_bytes, onFull)
}

/** Ends the recording and puts its text into the draft. After a failure, it sends the same recording again. */
export async function finishDictation(isFull = false): Promise<void> {
  const state = getDictation()
  const mine = turn
  if (!listener || (state.phase !== 'recording' && state.phase !== 'failed')) return
  const { event_id } = state
  setDictation({ phase: 'transcribing', event_id, isFull })
  try {
    const text = (await listener.finish()).trim()
    if (mine !== turn) return
    listener = undefined
    const { user } = useSession.getState()
    if (user && text !== '') addToDraft(user.user_id, event_id, text)
    setDictation(text === '' ? { phase: 'unheard', event_id, why: 'nothing_heard' } : OFF)
  } catch (error) {
    if (mine !== turn) return
    if (error instanceof DOMException) setDictation({ phase: 'unheard', event_id, why: toDictationError(error) })
    else setDictation({ phase: 'failed', event_id, trouble: toErrorKind(error) })
  }
}

/** Ends the dictation and discards it. */
export function cancelDictation(): void {
  turn += 1
  listener?.cancel()
  listener = undefined
  setDictation(OFF)
}

/** Leaving a room finishes its recording, so that no microphone stays open unseen. */
export function leaveDictation(event_id: string): void {
  const state = getDictation()
  if (state.phase === 'off' || state.event_id !== event_id) return
  if (state.phase === 'recording') void finishDictation()
  else if (state.phase === 'asking' || state.phase === 'unheard') cancelDictation()
}

function toDictationError(error: unknown): DictationError {
  const name = error instanceof DOMException ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotFoundError' ? 'no_microphone' : 'busy_microphone'
}
