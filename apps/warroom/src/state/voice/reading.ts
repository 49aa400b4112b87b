import type { Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { say } from '../../i18n/index.ts'
import { languageOf, spokenPieces, spokenText } from '../../text/spoken.ts'
import { type Trouble, troubleOf } from '../problems.ts'
import { client } from '../session.ts'
import { toast } from '../toasts.ts'
import { useVoice } from './offer.ts'

/** Which answer is being read aloud. `loading`: its first sound isn't here yet. */
export interface Reading {
  message_id: string | null
  phase: 'loading' | 'speaking'
}

export const useReading = create<Reading>(() => ({ message_id: null, phase: 'loading' }))

/** A short first piece begins to sound soon; the next one is fetched meanwhile. */
const PIECE_CHARACTERS = 600

let reading: AbortController | undefined

export function stopReading(): void {
  reading?.abort()
  reading = undefined
  useReading.setState({ message_id: null })
}

/** One answer at a time, by the endpoint that is configured, else by a voice of this machine. */
export async function readAloud({ event_id, message_id, message_content }: Message): Promise<void> {
  stopReading()
  const mine = new AbortController()
  reading = mine
  useReading.setState({ message_id, phase: 'loading' })
  const { speech, limits } = useVoice.getState()
  const text = spokenText(message_content.content)
  const longest = speech ? Math.min(PIECE_CHARACTERS, limits.max_speech_characters) : PIECE_CHARACTERS
  const pieces = spokenPieces(text, longest)
  try {
    await (speech ? playAll(event_id, pieces, mine.signal) : utterAll(pieces, languageOf(text), mine.signal))
  } catch (error) {
    if (mine.signal.aborted) return
    const trouble: Trouble = error instanceof DOMException ? 'voice_failed' : troubleOf(error)
    toast(`${say().trouble[trouble].what} ${say().trouble[trouble].next}`, 'bad')
  }
  if (reading === mine) stopReading()
}

async function playAll(event_id: string, pieces: readonly string[], signal: AbortSignal): Promise<void> {
  const fetched = (index: number): Promise<Blob> | undefined => {
    const text = pieces[index]
    const sound = text === undefined ? undefined : client.speak({ text, event_id }, { signal })
    sound?.catch(() => {}) // whoever plays it hears of it
    return sound
  }
  let next = fetched(0)
  for (let index = 0; next; index += 1) {
    const sound = await next
    next = fetched(index + 1)
    useReading.setState({ phase: 'speaking' })
    await play(sound, signal)
  }
}

/** To its end, or until it is stopped. */
async function play(sound: Blob, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const url = URL.createObjectURL(sound)
  const audio = new Audio(url)
  try {
    const ended = new Promise<void>((resolve, reject) => {
      audio.onended = () => resolve()
      audio.onerror = () => reject(new DOMException('', 'NotSupportedError'))
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    ended.catch(() => {})
    await audio.play()
    await ended
  } finally {
    audio.pause()
    URL.revokeObjectURL(url)
  }
}

/** A voice that speaks on this machine: the others send the text to somebody. */
export const localVoice = (language: 'zh' | 'en'): SpeechSynthesisVoice | undefined =>
  globalThis.speechSynthesis
    ?.getVoices()
    .find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language))

async function utterAll(pieces: readonly string[], language: 'zh' | 'en', signal: AbortSignal): Promise<void> {
  const voice = localVoice(language)
  if (!voice) throw new DOMException('', 'NotFoundError')
  signal.addEventListener('abort', () => speechSynthesis.cancel(), { once: true })
  for (const text of pieces) {
    signal.throwIfAborted()
    useReading.setState({ phase: 'speaking' })
    await new Promise<void>((resolve, reject) => {
      const utterance = new SpeechSynthesisUtterance(text)
      Object.assign(utterance, { voice, lang: voice.lang })
      utterance.onend = () => resolve()
      utterance.onerror = ({ error }) => reject(new DOMException(error, 'NotReadableError'))
      speechSynthesis.speak(utterance)
    })
  }
}
