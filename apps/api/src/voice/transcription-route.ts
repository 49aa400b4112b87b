import { ChatError, throwInvalid } from '@engineer-chat/chat/shared'
import { requireVoiceAbility, transcribeRecording } from '@engineer-chat/chat/voice'
import { AUDIO_TYPES, Transcription, TranscriptionQuery } from '@engineer-chat/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Api } from '../deps.ts'
import { getPrincipal } from '../people/authenticate.ts'
import { createCallSignal } from './call-signal.ts'
import { AudioBody, type VoiceRoutesContext } from './voice-context.ts'

const TOO_MANY_UPLOADS = 'Too many recordings are being turned into text. Try again in a moment.'
const RETRY_AFTER_SECONDS = 5

export function registerTranscriptionRoute(app: Api, { voiceCtx, run, maxUploads }: VoiceRoutesContext): void {
  const countUpload = createUploadLimit(maxUploads)

  app.post(
    '/api/engineer-chat/transcriptions',
    {
      bodyLimit: voiceCtx.maxAudioBytes,
      // These checks run before the recording is read, so that a refused recording takes no memory. It is discarded.
      onRequest: async (request, reply) => {
        requireVoiceAbility(voiceCtx, getPrincipal(request), 'transcription')
        requireAudioType(request)
        countUpload(reply)
      },
      schema: {
        tags: ['engineer-chat'],
        summary: 'Return the text of a recording',
        consumes: [...AUDIO_TYPES],
        querystring: TranscriptionQuery,
        body: AudioBody,
        response: { 200: Transcription },
      },
    },
    async (request, reply) => {
      const audio: unknown = request.body
      if (!(audio instanceof Uint8Array) || audio.length === 0) return throwInvalid('', 'must be a recording')
      const input = { ...request.query, audio, type: readContentType(request) }
      return run(request, transcribeRecording, { ...voiceCtx, signal: createCallSignal(reply) }, input)
    },
  )
}

/** Returns a function that counts an upload until its response is closed. It throws if too many are running. */
function createUploadLimit(maxUploads: number): (reply: FastifyReply) => void {
  let uploads = 0
  return (reply) => {
    if (uploads >= maxUploads)
      throw new ChatError('unavailable', TOO_MANY_UPLOADS, { retry_after_seconds: RETRY_AFTER_SECONDS })
    uploads += 1
    reply.raw.once('close', () => {
      uploads -= 1
    })
  }
}

function requireAudioType(request: FastifyRequest): void {
  const type = readContentType(request)
  if (AUDIO_TYPES.some((known) => known === type)) return
  throw new ChatError('unsupported_media_type', `Send ${AUDIO_TYPES.join(', ')}.`)
}

const readContentType = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
