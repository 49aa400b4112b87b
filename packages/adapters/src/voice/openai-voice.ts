import { ChatError, type Recording, type Spoken, type Transcript, type Voice } from '@engineer-chat/chat'
import { Agent, FormData, request } from 'undici'

/** What the environment says of voice. Seconds. */
export interface VoiceSettings {
  VOICE_BASE_URL?: string | undefined
  VOICE_API_KEY?: string | undefined
  VOICE_TRANSCRIPTION_MODEL?: string | undefined
  VOICE_SPEECH_MODEL?: string | undefined
  VOICE_SPEECH_VOICE: string
  VOICE_TRANSCRIPTION_PRICE?: number | undefined
  VOICE_SPEECH_PRICE?: number | undefined
  VOICE_TIMEOUT: number
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

/** Any endpoint that speaks OpenAI's `/audio/transcriptions` and `/audio/speech`. It never tries twice. */
export function openAiVoice(settings: VoiceSettings): Voice {
  const { VOICE_BASE_URL, VOICE_TRANSCRIPTION_MODEL, VOICE_SPEECH_MODEL, VOICE_SPEECH_VOICE } = settings
  if (VOICE_BASE_URL === undefined) return {}
  const post = poster(VOICE_BASE_URL.replace(/\/+$/, ''), settings)
  return {
    ...(VOICE_TRANSCRIPTION_MODEL !== undefined && {
      transcription: {
        model: { name: VOICE_TRANSCRIPTION_MODEL, price: settings.VOICE_TRANSCRIPTION_PRICE ?? null },
        transcribe: async (recording, signal) => {
          const { body } = await post('/audio/transcriptions', formOf(recording, VOICE_TRANSCRIPTION_MODEL), signal)
          return transcriptIn(await textOf(body, signal))
        },
      },
    }),
    ...(VOICE_SPEECH_MODEL !== undefined && {
      speech: {
        model: { name: VOICE_SPEECH_MODEL, price: settings.VOICE_SPEECH_PRICE ?? null },
        speak: async (input, voice = VOICE_SPEECH_VOICE, signal) => {
          const asked = JSON.stringify({ model: VOICE_SPEECH_MODEL, input, voice, response_format: 'mp3' })
          const { body, headers } = await post('/audio/speech', asked, signal)
          const type = String(headers['content-type'] ?? '')
          if (/^audio\/[\w.+-]+/.test(type)) return { type, audio: body } satisfies Spoken
          body.destroy()
          throw failed('the endpoint sent no sound')
        },
      },
    }),
  }
}

function poster(base_url: string, { VOICE_API_KEY, VOICE_TIMEOUT }: VoiceSettings) {
  const dispatcher = new Agent({ allowH2: false })
  const headers = VOICE_API_KEY === undefined ? {} : { authorization: `Bearer ${VOICE_API_KEY}` }
  return async (path: string, body: string | FormData, signal: AbortSignal) => {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(VOICE_TIMEOUT * 1_000)])
    const json = typeof body === 'string' && { 'content-type': 'application/json' }
    const response = await request(`${base_url}${path}`, {
      ...{ dispatcher, body, signal: limited, method: 'POST' },
      headers: { ...headers, ...json },
    }).catch((error) => {
      signal.throwIfAborted()
      throw failed('the endpoint can’t be reached', error)
    })
    response.body.on('error', () => {}) // whoever reads it hears of it
    if (response.statusCode === 200) return response
    response.body.destroy()
    throw failed(`the endpoint answered ${response.statusCode}`)
  }
}

function formOf({ audio, type, language }: Recording, model: string): FormData {
  const form = new FormData()
  form.append('file', new Blob([new Uint8Array(audio)], { type }), `recording.${EXTENSIONS[type] ?? 'bin'}`)
  form.append('model', model)
  form.append('response_format', 'json')
  if (language !== undefined) form.append('language', language)
  return form
}

async function textOf(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<string> {
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
    throw failed('the answer broke off', error)
  }
  return Buffer.concat(chunks).toString()
}

/** OpenAI and vLLM count in `usage`, by time or by tokens of sound, ten a second; others say how long it is, or nothing. */
interface Answer {
  text?: unknown
  duration?: unknown
  usage?: { seconds?: unknown; input_token_details?: { audio_tokens?: unknown } }
}

function transcriptIn(body: string): Transcript {
  try {
    const { text, usage, duration }: Answer = JSON.parse(body)
    const tokens = usage?.input_token_details?.audio_tokens
    const seconds = [usage?.seconds, typeof tokens === 'number' ? tokens / 10 : undefined, duration].find(isLength)
    if (typeof text === 'string') return { text, seconds: seconds ?? null }
  } catch {}
  throw failed('the endpoint’s answer has no text')
}

const isLength = (value: unknown): value is number => typeof value === 'number' && value > 0 && value < 1e6

/** `what` is for logs alone. */
function failed(what: string, cause?: unknown): ChatError {
  const error = new ChatError('voice_failed')
  error.cause = new Error(`Voice: ${what}`, { cause })
  return error
}
