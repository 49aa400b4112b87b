import type { SpeechRequest, Transcription, TranscriptionQuery } from '@engineer-chat/protocol'
import { readBlob, readBody } from './http-request.ts'
import type { Requests } from './requests.ts'

export interface VoiceOptions {
  signal?: AbortSignal
}

/** Exceeds the default of VOICE_TIMEOUT (60 s), the time for which the server waits for its voice endpoint. */
const TIMEOUT_MS = 90_000

/**
 * Resolves to the text of a recording. The recording is sent again only after a 401. MediaRecorder sets an `audio.type`
 * that the server accepts.
 */
export async function transcribe(
  { fetchResponse }: Requests,
  audio: Blob,
  { signal, ...query }: TranscriptionQuery & VoiceOptions,
): Promise<Transcription> {
  const response = await fetchResponse({
    method: 'POST',
    path: '/api/engineer-chat/transcriptions',
    query,
    body: audio,
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
  })
  return readBody(response, signal)
}

/**
 * Resolves to the sound of a text or of one of its parts, and to null if there is no such part. The text is sent again
 * only after a 401.
 */
export async function speak(
  { fetchResponse }: Requests,
  speechRequest: SpeechRequest,
  { signal }: VoiceOptions,
): Promise<Blob | null> {
  const response = await fetchResponse({
    method: 'POST',
    path: '/api/engineer-chat/speech',
    body: speechRequest,
    timeoutMs: TIMEOUT_MS,
    ...(signal && { signal }),
  })
  return response.status === 204 ? null : readBlob(response, signal)
}
