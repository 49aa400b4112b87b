import { ChatError } from '@engineer-chat/chat/shared'
import type { Recording, SpeechAudio, Transcript, Voice } from '@engineer-chat/chat/voice'
import { FormData } from 'undici'
import { createDispatcher, type EgressSettings, requestUntilAborted } from '../egress/index.ts'

/** Holds the part of the configuration that sets up voice. */
export interface VoiceSettings {
  baseUrl?: string | undefined
  apiKey?: string | undefined
  transcriptionModel?: string | undefined
  speechModel?: string | undefined
  speechVoice: string
  /** A transcribed minute costs this much, in the currency of the models file. */
  transcriptionPrice?: number | undefined
  /** A million spoken characters cost this much, in the currency of the models file. */
  speechPrice?: number | undefined
  isInside?: boolean | undefined
  timeoutMs: number
}

const EXTENSIONS: Record<string, string> = {
  'audio/webm': 'webm',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/mpeg': 'mp3',
  'audio/flac': 'flac',
}
const MAX_TRANSCRIPT_BYTES = 1024 * 1024

/** Calls any endpoint that implements OpenAI's `/audio/transcriptions` and `/audio/speech`. It never retries a call. */
export function createOpenAiVoice(settings: VoiceSettings, egress: EgressSettings = {}): Voice {
  const { baseUrl, transcriptionModel, speechModel, speechVoice } = settings
  if (baseUrl === undefined) return {}
  const post = createPost(baseUrl.replace(/\/+$/, ''), settings, egress)
  return {
    ...(settings.isInside && { inside: true }),
    ...(transcriptionModel !== undefined && {
      transcription: {
        model: { name: transcriptionModel, price: settings.transcriptionPrice ?? null },
        transcribe: async (recording, signal) => {
          const { body } = await post('/audio/transcriptions', toFormData(recording, transcriptionModel), signal)
          return parseTranscript(await readText(body, signal))
        },
      },
    }),
    ...(speechModel !== undefined && {
      speech: {
        model: { name: speechModel, price: settings.speechPrice ?? null },
        speak: async (input, voice = speechVoice, signal) => {
          const requestBody = JSON.stringify({ model: speechModel, input, voice, response_format: 'mp3' })
          const { body, headers } = await post('/audio/speech', requestBody, signal)
          const type = String(headers['content-type'] ?? '')
          if (/^audio\/[\w.+-]+/.test(type)) return { type, audio: body } satisfies SpeechAudio
          body.destroy()
          throw createVoiceError('the endpoint sent no sound')
        },
      },
    }),
  }
}

function createPost(url: string, { apiKey, timeoutMs }: VoiceSettings, egress: EgressSettings) {
  const dispatcher = createDispatcher(url, egress)
  const headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }
  return async (path: string, body: string | FormData, signal: AbortSignal) => {
    const signalWithTimeout = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const contentType = typeof body === 'string' && { 'content-type': 'application/json' }
    const response = await requestUntilAborted(`${url}${path}`, {
      dispatcher,
      body,
      signal: signalWithTimeout,
      method: 'POST',
      headers: { ...headers, ...contentType },
    }).catch((error) => {
      signal.throwIfAborted()
      throw createVoiceError('the endpoint can’t be reached', error)
    })
    response.body.on('error', () => {}) // The reader of the body receives the error.
    if (response.statusCode === 200) return response
    response.body.destroy()
    throw createVoiceError(`the endpoint answered ${response.statusCode}`)
  }
}

function toFormData({ audio, type, language }: Recording, model: string): FormData {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(audio)], { type }), `recording.${EXTENSIONS[type] ?? 'bin'}`)
  form.append('model', model)
  form.append('response_format', 'json')
  if (language !== undefined) form.append('language', language)
  return form
}

async function readText(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      if (bytes > MAX_TRANSCRIPT_BYTES) throw new RangeError('too long')
      chunks.push(chunk)
    }
  } catch (error) {
    signal.throwIfAborted()
    throw createVoiceError('the answer broke off', error)
  }
  return Buffer.concat(chunks).toString()
}

/**
 * OpenAI and vLLM give the length of the recording in `usage`, as seconds or as audio tokens. Other endpoints give
 * `duration` or nothing.
 */
interface TranscriptionAnswer {
  text?: unknown
  duration?: unknown
  usage?: { seconds?: unknown; input_token_details?: { audio_tokens?: unknown } }
}

const AUDIO_TOKENS_PER_SECOND = 10
/** A longer duration in an answer is a mistake of the endpoint, and is ignored. */
const MAX_RECORDING_SECONDS = 1_000_000

function parseTranscript(body: string): Transcript {
  try {
    const { text, usage, duration }: TranscriptionAnswer = JSON.parse(body)
    const tokens = usage?.input_token_details?.audio_tokens
    const tokenSeconds = typeof tokens === 'number' ? tokens / AUDIO_TOKENS_PER_SECOND : undefined
    const seconds = [usage?.seconds, tokenSeconds, duration].find(isRecordingSeconds)
    if (typeof text === 'string') return { text, seconds: seconds ?? null }
  } catch {} // An answer that is no JSON has no text, either.
  throw createVoiceError('the endpoint’s answer has no text')
}

const isRecordingSeconds = (seconds: unknown): seconds is number =>
  typeof seconds === 'number' && seconds > 0 && seconds < MAX_RECORDING_SECONDS

/** `problem` reaches only the log, never a user. */
function createVoiceError(problem: string, cause?: unknown): ChatError {
  const error = new ChatError('voice_failed')
  error.cause = new Error(`Voice: ${problem}`, { cause })
  return error
}
