import type { VoiceAbilities } from '@engineer-chat/protocol'
import { isInside } from '../models/index.ts'
import { requirePerson } from '../people/index.ts'
import { ChatError, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { Voice } from './voice.ts'

interface AbilitiesContext {
  voice: Voice
  /** Limits the size of a recording. */
  maxAudioBytes: number
  /** Limits the characters that are spoken for one request. */
  maxSpeechCharacters: number
}

/**
 * Returns which voice abilities are configured, whether the endpoint is inside, and the limits per request.
 * @throws ChatError forbidden
 */
export function readVoiceAbilities(ctx: AbilitiesContext, caller: Principal): VoiceAbilities {
  requirePerson(caller)
  return {
    transcription: ctx.voice.transcription !== undefined,
    speech: ctx.voice.speech !== undefined,
    inside: isInside(ctx.voice),
    max_audio_bytes: ctx.maxAudioBytes,
    max_speech_characters: ctx.maxSpeechCharacters,
  }
}

readVoiceAbilities.report = { listShownEvents: listNoEvent } satisfies VerbReport<object, VoiceAbilities>

/**
 * Refuses agents, and everybody if the ability is not configured. Routes call it before they read the request's body.
 * @throws ChatError forbidden, voice_not_configured
 */
export function requireVoiceAbility(
  ctx: { voice: Voice },
  caller: Principal,
  ability: 'transcription' | 'speech',
): void {
  requirePerson(caller)
  if (!ctx.voice[ability]) throw new ChatError('voice_not_configured')
}
