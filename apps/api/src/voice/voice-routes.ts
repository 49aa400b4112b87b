import { readVoiceAbilities } from '@engineer-chat/chat/voice'
import { VoiceAbilities } from '@engineer-chat/protocol'
import type { FastifyRequest } from 'fastify'
import type { Api, ApiDeps } from '../deps.ts'
import { registerSpeechRoute } from './speech-route.ts'
import { registerTranscriptionRoute } from './transcription-route.ts'
import { createVoiceContext } from './voice-context.ts'

/**
 * Registers the routes that turn speech into text and text into speech. The product stores who sent each request and
 * what it cost, but neither sound nor text.
 */
export function registerVoiceRoutes(app: Api, deps: ApiDeps): void {
  const context = createVoiceContext(deps)
  const { voiceCtx, run } = context
  app.addContentTypeParser<Buffer>(
    /^audio\//,
    { parseAs: 'buffer', bodyLimit: voiceCtx.maxAudioBytes },
    async (_: FastifyRequest, body: Buffer) => body,
  )

  app.get(
    '/api/engineer-chat/voice',
    {
      schema: {
        tags: ['engineer-chat'],
        summary: 'Return which voice abilities are configured',
        response: { 200: VoiceAbilities },
      },
    },
    (request) => run(request, readVoiceAbilities, voiceCtx, {}),
  )
  registerTranscriptionRoute(app, context)
  registerSpeechRoute(app, context)
}
