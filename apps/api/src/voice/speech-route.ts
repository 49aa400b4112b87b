import { Readable } from 'node:stream'
import { requireVoiceAbility, speakText } from '@engineer-chat/chat/voice'
import { SpeechRequest } from '@engineer-chat/protocol'
import { Type } from 'typebox'
import type { Api } from '../deps.ts'
import { getPrincipal } from '../people/authenticate.ts'
import { createCallSignal } from './call-signal.ts'
import { AudioBody, type VoiceRoutesContext } from './voice-context.ts'

export function registerSpeechRoute(app: Api, { voiceCtx, run }: VoiceRoutesContext): void {
  app.post(
    '/api/engineer-chat/speech',
    {
      onRequest: async (request) => requireVoiceAbility(voiceCtx, getPrincipal(request), 'speech'),
      schema: {
        tags: ['engineer-chat'],
        summary: 'Return a text as sound',
        produces: ['audio/mpeg'],
        body: SpeechRequest,
        response: { 200: AudioBody, 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const spoken = await run(request, speakText, { ...voiceCtx, signal: createCallSignal(reply) }, request.body)
      if (!spoken) return reply.code(204).send(null)
      const { type, audio } = spoken
      return reply
        .type(type)
        .header('cache-control', 'no-store')
        .send(Readable.from(audio, { objectMode: false }))
    },
  )
}
