import type { Language } from '../../i18n/language.ts'
import type { SpeechInput } from './speech-input.ts'

/** Declares the part of the Web Speech API that keeps sound on this machine; TypeScript doesn't know it yet. */
interface Recognition {
  lang: string
  continuous: boolean
  interimResults: boolean
  processLocally: boolean
  onstart: (() => void) | null
  onresult: ((event: { resultIndex: number; results: ArrayLike<RecognitionResult> }) => void) | null
  onerror: ((event: { error: string }) => void) | null
  onend: (() => void) | null
  start(): void
  stop(): void
  abort(): void
}

type RecognitionResult = ArrayLike<{ transcript: string }> & { isFinal: boolean }

interface RecognitionClass {
  new (): Recognition
  available?(options: { langs: string[]; processLocally: boolean }): Promise<string>
}

const findRecognitionClass = (): RecognitionClass | undefined =>
  (globalThis as { SpeechRecognition?: RecognitionClass }).SpeechRecognition

const toLocale = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en-US')

/**
 * Resolves to true only if the language is already installed in the browser. Otherwise the browser would send the sound
 * to its vendor or download a package from the vendor, and a network without internet access allows neither.
 */
export async function canDictateOnDevice(language: Language): Promise<boolean> {
  const options = { langs: [toLocale(language)], processLocally: true }
  try {
    return (await findRecognitionClass()?.available?.(options)) === 'available'
  } catch {
    return false
  }
}

/**
 * Starts dictation. Resolves when the recogniser listens, which may be after the user has allowed the microphone.
 * @throws DOMException with the names that `getUserMedia` uses
 */
export async function startOnDeviceDictation(language: Language): Promise<SpeechInput> {
  const Recognition = findRecognitionClass()
  if (!Recognition) throw new DOMException('', 'NotFoundError')
  const recognition = new Recognition()
  Object.assign(recognition, {
    lang: toLocale(language),
    continuous: true,
    interimResults: false,
    processLocally: true,
  })
  let transcript = ''
  let errorName: string | undefined
  let isListening = false
  recognition.onresult = ({ resultIndex, results }) => {
    for (let index = resultIndex; index < results.length; index += 1)
      transcript += results[index]?.[0]?.transcript ?? ''
  }
  recognition.onerror = ({ error }) => {
    errorName = error
  }
  const ended = new Promise<void>((resolve) => {
    recognition.onend = () => resolve()
  })
  const listening = new Promise<void>((resolve) => {
    recognition.onstart = () => {
      isListening = true
      resolve()
    }
  })
  recognition.start()
  await Promise.race([listening, ended])
  if (!isListening) throw toMicrophoneError(errorName)
  return {
    ended,
    async finish() {
      recognition.stop()
      await ended
      if (transcript !== '' || errorName === undefined || errorName === 'no-speech') return transcript
      throw toMicrophoneError(errorName)
    },
    cancel: () => recognition.abort(),
  }
}

const toMicrophoneError = (errorName: string | undefined): DOMException =>
  new DOMException(errorName, errorName === 'not-allowed' ? 'NotAllowedError' : 'NotReadableError')
