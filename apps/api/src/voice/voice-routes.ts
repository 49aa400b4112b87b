import { Readable } from 'node:stream'
import { requirePerson } from '@engineer-chat/chat/people'
import { ChatError, checkWellFormed, throwInvalid } from '@engineer-chat/chat/shared'
import { speakText, transcribeRecording } from '@engineer-chat/chat/voice'
import { AUDIO_TYPES, Speech, Transcription, TranscriptionQuery, VoiceAbilities } from '@engineer-chat/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Api, ApiDeps } from '../deps.ts'
import { getPrincipal } from '../people/authenticate.ts'

const tags = ['engineer-chat']
const Sound = Type.Any({ description: 'The recording itself.' })
const TOO_MANY = 'Too many recordings are being turned into text. Try again in a moment.'

/** Speech to text, and text to speech. Neither is stored; that it was asked for is, and counts. */
export function voiceRoutes(app: Api, { config, voice = {}, stores, log }: ApiDeps): void {
  const ctx = {
    ...stores,
    voice,
    log,
    redactMail: config.prompts.isMailRedacted,
    longestSpeech: config.voice.maxSpeechCharacters,
  }
  const bodyLimit = config.voice.maxAudioBytes
  let uploads = 0
  app.addContentTypeParser<Buffer>(
    /^audio\//,
    { parseAs: 'buffer', bodyLimit },
    async (_: FastifyRequest, body: Buffer) => body,
  )

  app.get(
    '/api/engineer-chat/voice',
    { schema: { tags, summary: 'Whether voice is configured', response: { 200: VoiceAbilities } } },
    async (request): Promise<VoiceAbilities> => {
      requirePerson(getPrincipal(request))
      return {
        transcription: voice.transcription !== undefined,
        speech: voice.speech !== undefined,
        max_audio_bytes: bodyLimit,
        max_speech_characters: ctx.longestSpeech,
      }
    },
  )

  app.post(
    '/api/engineer-chat/transcriptions',
    {
      bodyLimit,
      // Before the recording is read: nobody uploads in vain.
      onRequest: async (request, reply) => {
        requirePerson(getPrincipal(request))
        if (!voice.transcription) throw new ChatError('voice_not_configured')
        if (!isAudioType(getContentType(request)))
          throw new ChatError('unsupported_media_type', `Send ${AUDIO_TYPES.join(', ')}.`)
        if (uploads >= config.voice.maxUploads) throw new ChatError('unavailable', TOO_MANY, { retry_after: 5 })
        uploads += 1
        reply.raw.once('close', () => {
          uploads -= 1
        })
      },
      schema: {
        tags,
        summary: 'The text of a recording',
        consumes: [...AUDIO_TYPES],
        querystring: TranscriptionQuery,
        body: Sound,
        response: { 200: Transcription },
      },
    },
    async (request, reply): Promise<Transcription> => {
      const audio: unknown = request.body
      const type = getContentType(request)
      if (!(audio instanceof Uint8Array) || audio.length === 0) return throwInvalid('', 'must be a recording')
      if (!looksLikeAudio(audio)) throw new ChatError('unsupported_media_type', 'This is no recording of a known kind.')
      const recording = { ...request.query, audio, type }
      const text = await transcribeRecording(ctx, getPrincipal(request), recording, abortWhenGone(reply))
      log.info('EngineerChat.recording_transcribed', { ...getIds(request), bytes: audio.length })
      return { text }
    },
  )

  app.post(
    '/api/engineer-chat/speech',
    {
      onRequest: async (request) => {
        requirePerson(getPrincipal(request))
        if (!voice.speech) throw new ChatError('voice_not_configured')
      },
      schema: {
        tags,
        summary: 'A text as sound',
        produces: ['audio/mpeg'],
        body: Speech,
        response: { 200: Sound, 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const text = checkWellFormed(request.body.text.trim(), '/text')
      if (text === '') throwInvalid('/text', 'must not be empty')
      const spoken = await speakText(ctx, getPrincipal(request), { ...request.body, text }, abortWhenGone(reply))
      if (!spoken) return reply.code(204).send(null)
      const { type, audio } = spoken
      log.info('EngineerChat.text_spoken', { ...getIds(request), size: text.length })
      return reply
        .type(type)
        .header('cache-control', 'no-store')
        .send(Readable.from(audio, { objectMode: false }))
    },
  )
}

const getIds = (request: FastifyRequest) => ({ request_id: request.id, user_id: getPrincipal(request).user_id })

const getContentType = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

const isAudioType = (type: string): boolean => AUDIO_TYPES.some((known) => known === type)

/** Whoever has hung up wants no answer, and it costs. */
function abortWhenGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new ChatError('unavailable', 'The caller has left.')))
  return gone.signal
}

/** By how it begins: WebM, Ogg, WAV, FLAC, MP3 with and without a tag, MP4. */
function looksLikeAudio(audio: Uint8Array): boolean {
  const head = Buffer.from(audio.subarray(0, 12)).toString('hex')
  return /^(1a45dfa3|4f676753|52494646.{8}57415645|664c6143|494433|ff[ef]|.{8}66747970)/.test(head)
}
