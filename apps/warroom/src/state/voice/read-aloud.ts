import type { Message } from '@engineer-chat/protocol'
import { create } from 'zustand'
import { getMessages } from '../../i18n/index.ts'
import { detectLanguage, toSpeechText } from '../../text/speech-text.ts'
import { findAnswerTlp, mayUseVoice } from '../../text/tlp.ts'
import { type ErrorKind, toErrorKind } from '../page/error-kinds.ts'
import { showToast } from '../page/toasts.ts'
import { client } from '../people/sign-in.ts'
import { loadWholeMessage } from '../rooms/load-whole-message.ts'
import { getRoom } from '../rooms/rooms.ts'
import { useVoiceAbilities } from './voice-abilities.ts'

/** Names the answer that is being read aloud. The phase is `loading` until the first sound has arrived. */
export interface ReadAloudState {
  message_id: string | null
  phase: 'loading' | 'speaking'
}

export const useReadAloud = create<ReadAloudState>(() => ({ message_id: null, phase: 'loading' }))

/** Stops the reading of the current answer. */
let currentController: AbortController | undefined

export function stopReadAloud(): void {
  currentController?.abort()
  currentController = undefined
  useReadAloud.setState({ message_id: null })
}

/**
 * Reads a whole answer aloud, even if the socket has truncated it: with the configured endpoint, or else with a voice of
 * this machine. Stops any other answer.
 */
export async function readAloud(message: Message): Promise<void> {
  const { event_id, message_id } = message
  stopReadAloud()
  const controller = new AbortController()
  currentController = controller
  useReadAloud.setState({ message_id, phase: 'loading' })
  try {
    const wholeMessage = await loadWholeMessage(message)
    controller.signal.throwIfAborted()
    const text = toSpeechText(wholeMessage.message_content.content, wholeMessage.message_content.citations)
    const abilities = useVoiceAbilities.getState()
    const tlp = findAnswerTlp(wholeMessage, getRoom(event_id).state.event?.tlp)
    const usesServer = abilities.speech && mayUseVoice(abilities, tlp)
    if (text !== '')
      await (usesServer ? readByServer(event_id, text, controller.signal) : readOnDevice(text, controller.signal))
  } catch (error) {
    if (controller.signal.aborted) return
    const errorKind: ErrorKind = error instanceof DOMException ? 'voice_failed' : toErrorKind(error)
    const { cause, nextStep } = getMessages().errorText[errorKind]
    showToast(`${cause} ${nextStep}`, 'bad')
  }
  if (currentController === controller) stopReadAloud()
}

/**
 * Plays the parts of a text in order, and loads each part while the previous one plays. Each request has the whole
 * text, so that the server finds secrets before it splits the text into parts.
 */
async function readByServer(event_id: string, text: string, signal: AbortSignal): Promise<void> {
  const fetchPart = (part: number): Promise<Blob | null> => {
    const sound = client.speak({ text, part, event_id }, { signal })
    sound.catch(() => {}) // The loop below awaits this promise and catches the error.
    return sound
  }
  let nextSound = fetchPart(0)
  for (let part = 1; ; part += 1) {
    const sound = await nextSound
    if (!sound) return
    nextSound = fetchPart(part)
    useReadAloud.setState({ phase: 'speaking' })
    await play(sound, signal)
  }
}

/** Plays a sound to its end, or until the signal aborts it. */
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
    ended.catch(() => {}) // Nothing awaits this promise until `audio.play` has succeeded.
    await audio.play()
    await ended
  } finally {
    audio.pause()
    URL.revokeObjectURL(url)
  }
}

/** Finds a voice that works on this machine. Other voices send the text to their vendor. */
export const findLocalVoice = (language: 'zh' | 'en'): SpeechSynthesisVoice | undefined =>
  globalThis.speechSynthesis
    ?.getVoices()
    .find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(language))

/** Speaks a text line by line with a voice of this machine. */
async function readOnDevice(text: string, signal: AbortSignal): Promise<void> {
  const language = detectLanguage(text)
  const voice = findLocalVoice(language)
  if (!voice) throw new DOMException('', 'NotFoundError')
  signal.addEventListener('abort', () => speechSynthesis.cancel(), { once: true })
  for (const line of text.split('\n')) {
    signal.throwIfAborted()
    useReadAloud.setState({ phase: 'speaking' })
    await new Promise<void>((resolve, reject) => {
      const utterance = new SpeechSynthesisUtterance(line)
      Object.assign(utterance, { voice, lang: voice.lang })
      utterance.onend = () => resolve()
      utterance.onerror = ({ error }) => reject(new DOMException(error, 'NotReadableError'))
      speechSynthesis.speak(utterance)
    })
  }
}
