import { countCharacters, type SpeechRequest } from '@engineer-chat/protocol'
import { createRedactor } from '../prompting/index.ts'
import {
  ChatError,
  listNoEvent,
  type Principal,
  requireWellFormed,
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
  /** Limits the characters that are spoken for one request. Without `part`, a longer text is refused. */
  maxSpeechCharacters: number
}

/** Is the sound of a text or of one part of it. */
export interface SpeechResult extends SpeechAudio {
  /** Is the number of characters that are spoken. */
  size: number
}

/** Parts are short, so that the web page can play the first part soon. It fetches the next part while one plays. */
const MAX_PART_CHARACTERS = 600

/**
 * Resolves to the sound of a text. With `part`, it resolves to the sound of the part at this index, counted from 0, or
 * to null if there is no such part. Secrets are spoken as placeholders.
 * @throws ChatError forbidden, voice_not_configured, voice_failed, budget_exceeded, event_not_found,
 * tlp_forbids_model, validation_failed
 */
export async function speakText(
  ctx: SpeechContext,
  caller: Principal,
  { text: requestedText, part, voice: voiceName, event_id }: SpeechRequest,
): Promise<SpeechResult | null> {
  const { speech } = ctx.voice
  if (!speech) throw new ChatError('voice_not_configured')
  const fullText = requireWellFormed(requestedText.trim(), '/text')
  if (fullText === '') throwInvalid('/text', 'must not be empty')
  const { model } = speech
  const maxCharacters = ctx.maxSpeechCharacters
  if (part === undefined && countCharacters(fullText) > maxCharacters)
    throwInvalid('/text', `must have at most ${maxCharacters} characters`)
  // The text may be an answer. The restorer has put secrets back into it, and the voice endpoint must not read them.
  // The text is redacted before it is split, because the redactor would not recognize one half of a secret.
  const redacted = createRedactor([fullText], { isMailRedacted: ctx.isMailRedacted }).redact(fullText)
  const text = part === undefined ? redacted : splitSpeech(redacted, Math.min(MAX_PART_CHARACTERS, maxCharacters))[part]
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
} satisfies VerbReport<SpeechRequest, SpeechResult | null>
