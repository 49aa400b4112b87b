import { Type } from 'typebox'
import type { ApiDeps } from '../deps.ts'
import { createRunVerb } from '../http/run-verb.ts'

export const AudioBody = Type.Any({ description: 'The body is the sound itself.' })

export type VoiceRoutesContext = ReturnType<typeof createVoiceContext>

export function createVoiceContext(deps: ApiDeps) {
  const { config, voice = {}, stores, log } = deps
  const { maxAudioBytes, maxSpeechCharacters, maxUploads } = config.voice
  return {
    voiceCtx: {
      ...stores,
      voice,
      log,
      isMailRedacted: config.prompts.isMailRedacted,
      maxSpeechCharacters,
      maxAudioBytes,
    },
    run: createRunVerb(deps),
    maxUploads,
  }
}
