import type { SpeechRequest, Transcription, TranscriptionQuery, VoiceAbilities } from '@engineer-chat/protocol'
import { readBlob, readBody } from './http-request.ts'
import type { Requests } from './requests.ts'

export interface VoiceOptions {
  signal?: AbortSignal
}

/** Exceeds the default of VOICE_TIMEOUT (60 s), the time for which the server waits for its voice endpoint. */
const TIMEOUT_MS = 90_000

/**
 * After a 401, `fetchResponse` sends a recording or a text again. After a transient error, neither is sent again, unlike
 * a question.
 */
export const createVoiceMethods = ({ get, fetchResponse }: Requests) => ({
  /** Says whether this installation can do `transcribe` and `speak`. */
  getVoiceAbilities: () => get<VoiceAbilities>('/api/engineer-chat/voice'),
  /**
   * Resolves to the text of a recording. `audio.type` must be one of AUDIO_TYPES, also with MIME parameters such as
   * `;codecs=opus`; the recording of a MediaRecorder has such a type. `language` is an ISO 639 code.
   * Error codes, besides those of every request: `voice_not_configured`, `voice_failed`, `forbidden`,
   * `event_not_found`, `tlp_forbids_model`, `budget_exceeded`, `payload_too_large`, `unsupported_media_type`, and
   * `unavailable` if the server is already transcribing too many recordings.
   */
  transcribe: async (audio: Blob, options: TranscriptionQuery & VoiceOptions = {}): Promise<Transcription> => {
    const { signal, ...query } = options
    const response = await fetchResponse({
      method: 'POST',
      path: '/api/engineer-chat/transcriptions',
      query,
      body: audio,
      timeoutMs: TIMEOUT_MS,
      ...(signal && { signal }),
    })
    return readBody(response, signal)
  },
  /**
   * Resolves to sound that `URL.createObjectURL` makes playable. `speechRequest.part` selects a part of a few
   * sentences, counted from 0, so that playing can begin early. If there is no such part, the result is null. Without
   * `part`, the whole text is spoken.
   * Error codes, besides those of every request: `voice_not_configured`, `voice_failed`, `forbidden`,
   * `event_not_found`, `tlp_forbids_model`, `budget_exceeded`, `payload_too_large`, and `validation_failed` if the text
   * is empty or too long.
   */
  speak: async (speechRequest: SpeechRequest, { signal }: VoiceOptions = {}): Promise<Blob | null> => {
    const response = await fetchResponse({
      method: 'POST',
      path: '/api/engineer-chat/speech',
      body: speechRequest,
      timeoutMs: TIMEOUT_MS,
      ...(signal && { signal }),
    })
    return response.status === 204 ? null : readBlob(response, signal)
  },
})
