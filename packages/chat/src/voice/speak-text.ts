import { countCharacters, type SpeechRequest } from '@engineer-chat/protocol'
import { createRedactor } from '../prompting/index.ts'
import {
  ChatError,
  checkWellFormed,
  listNoEvent,
  type Principal,
  throwInvalid,
  type VerbReport,
} from '../shared/index.ts'
import { callVoiceEndpoint, type VoiceContext } from './call-voice-endpoint.ts'
import { splitSpeech } from './speech-parts.ts'
import type { SpeechAudio } from './voice.ts'
import { computeSpeechCost, toSpeechSpend } from './voice-costs.ts'

export interface SpeechContext extends VoiceContext {
  /** If true, the names in mail addresses are hidden from the endpoint too. */
  isMailRedacted: boolean
  /** One request speaks at most this many characters. */
  maxSpeechCharacters: number
}

export interface SpokenText extends SpeechAudio {
  /** Counts the characters of the text or part that is spoken. */
  size: number
}

/** Parts are short, so that the web page plays the first part soon and fetches the next part meanwhile. */
const PART_CHARACTERS = 600

/**
 * Resolves to the sound of a text or, with `part`, of the part at this index. Resolves to null if there is no such
 * part. It speaks a placeholder instead of a secret.
 * @throws ChatError forbidden, voice_not_configured, voice_failed, budget_exceeded, event_not_found,
 * tlp_forbids_model, validation_failed
 */
export async function speakText(
  ctx: SpeechContext,
  caller: Principal,
  { text: requestedText, part, voice: voiceName, event_id }: SpeechRequest,
): Promise<SpokenText | null> {
  const { speech } = ctx.voice
  if (!speech) throw new ChatError('voice_not_configured')
  const fullText = checkWellFormed(requestedText.trim(), '/text')
  if (fullText === '') throwInvalid('/text', 'must not be empty')
  const { model } = speech
  const maxCharacters = ctx.maxSpeechCharacters
  if (part === undefined && countCharacters(fullText) > maxCharacters)
    throwInvalid('/text', `must have at most ${maxCharacters} characters`)
  // The text may be an answer. The restorer has put secrets back into it, and the voice endpoint must not read them.
  // The text is redacted before it is split, because half a secret is not found.
  const redacted = createRedactor([fullText], { isMailRedacted: ctx.isMailRedacted }).redact(fullText)
  const text = part === undefined ? redacted : splitSpeech(redacted, Math.min(PART_CHARACTERS, maxCharacters))[part]
  if (text === undefined) return null
  const size = countCharacters(text)
  const spend = toSpeechSpend(model, text)
  const speechAudio = await callVoiceEndpoint<SpeechAudio>(ctx, caller, {
    event_id,
    reservation: spend,
    call: () => speech.speak(text, voiceName, ctx.signal),
    toRecord: () => ({
      kind: 'speech',
      model: model.name,
      size,
      spent: spend,
      cost_micros: computeSpeechCost(model, text),
    }),
  })
  return { ...speechAudio, size }
}

speakText.report = {
  listShownEvents: listNoEvent,
  log: ({ caller: { user_id }, result }) =>
    result ? { event: 'EngineerChat.text_spoken', fields: { user_id, size: result.size } } : undefined,
} satisfies VerbReport<SpeechRequest, SpokenText | null>
