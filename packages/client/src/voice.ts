import type { Speech, Transcription, TranscriptionQuery } from '@engineer-chat/protocol'
import { type Call, readBlob, readBody } from './http-exchange.ts'

export interface VoiceOptions {
  signal?: AbortSignal
}

/** An endpoint takes up to the server's VOICE_TIMEOUT, 60 s if not set otherwise. */
const TIMEOUT_MS = 90_000

export interface VoiceContext {
  answer(call: Call): Promise<Response>
}

/** Resolves to the text of a recording; it isn't tried again. MediaRecorder sets `audio.type` as the server wants it. */
export async function transcribe(
  { answer }: VoiceContext,
  audio: Blob,
  { signal, ...query }: TranscriptionQuery & VoiceOptions,
): Promise<Transcription> {
  const path = '/api/engineer-chat/transcriptions'
  return readBody(await answer({ method: 'POST', path, query, body: audio, ...toLimits(signal) }))
}

/** Resolves to a text, or a part of it, as sound; null where it has no such part. It isn't tried again. */
export async function speak({ answer }: VoiceContext, speech: Speech, { signal }: VoiceOptions): Promise<Blob | null> {
  const response = await answer({
    method: 'POST',
    path: '/api/engineer-chat/speech',
    body: speech,
    ...toLimits(signal),
  })
  return response.status === 204 ? null : readBlob(response, signal)
}

const toLimits = (signal: AbortSignal | undefined) => ({ timeoutMs: TIMEOUT_MS, ...(signal && { signal }) })
