import type { VoiceAbilities } from '@engineer-chat/protocol'
import { isInside } from '../models/index.ts'
import { requirePerson } from '../people/index.ts'
import { ChatError, listNoEvent, type Principal, type VerbReport } from '../shared/index.ts'
import type { Voice } from './voice.ts'

interface AbilitiesContext {
  voice: Voice
  maxAudioBytes: number
  /** One request speaks at most this many characters. */
  maxSpeechCharacters: number
}

/** Returns which voice abilities are configured. @throws ChatError forbidden */
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
 * Refuses a caller before a recording is read or a text is checked.
 * @throws ChatError forbidden, voice_not_configured
 */
export function requireVoice(ctx: { voice: Voice }, caller: Principal, ability: 'transcription' | 'speech'): void {
  requirePerson(caller)
  if (!ctx.voice[ability]) throw new ChatError('voice_not_configured')
}
