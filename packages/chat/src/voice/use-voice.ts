import type { Speech, TranscriptionQuery } from '@engineer-chat/protocol'
import { NO_SPEND, type Spend } from '../budgets/index.ts'
import { type Rights, requirePerson, requirePersonRights } from '../people/index.ts'
import { createRedactor } from '../prompting/index.ts'
import { ChatError, createId, type Log, type Principal, repairText, throwInvalid } from '../shared/index.ts'
import { splitSpeech } from './speech-parts.ts'
import type { Recording, SpeechAudio, Transcript, Voice, VoiceCall, VoiceCallStore } from './voice.ts'
import {
  computeSpeechCost,
  computeTranscriptionCost,
  estimateSeconds,
  toSpeechSpend,
  toTranscriptionSpend,
} from './voice-costs.ts'

export interface VoiceContext {
  rights: Rights
  voice: Voice
  voiceCalls: VoiceCallStore
  log: Log
}

export interface SpeechContext extends VoiceContext {
  /** Whether the names of mail addresses stay here, too. */
  redactMail: boolean
  /** Characters that are spoken at once, at most. */
  longestSpeech: number
}

/**
 * Returns the text of a recording, within the budgets. @throws ChatError voice_not_configured, voice_failed,
 * budget_exceeded, event_not_found
 */
export async function transcribeRecording(
  ctx: VoiceContext,
  caller: Principal,
  { audio, type, language, event_id }: Recording & TranscriptionQuery,
  signal: AbortSignal,
): Promise<string> {
  const { transcription } = ctx.voice
  if (!transcription) throw new ChatError('voice_not_configured')
  const { model } = transcription
  const guessed = estimateSeconds({ audio, type })
  const { text } = await onRecord<Transcript>(ctx, caller, {
    event_id,
    hold: toTranscriptionSpend(model, guessed),
    call: () => transcription.transcribe({ audio, type, language }, signal),
    recordOf: (transcript) => {
      const size = transcript?.seconds ?? guessed
      const spent = toTranscriptionSpend(model, size)
      return {
        kind: 'transcription',
        model: model.name,
        size,
        spent,
        cost_micros: computeTranscriptionCost(model, size),
      }
    },
    signal,
  })
  return repairText(text).trim()
}

/** A short first piece begins to sound soon; the next one is fetched meanwhile. */
const PIECE_CHARACTERS = 600

/**
 * A text, or a part of it, as sound, within the budgets; of a secret in it only the placeholder is said.
 * Null: the text has no such part. @throws ChatError as above, validation_failed
 */
export async function speakText(
  ctx: SpeechContext,
  caller: Principal,
  { text: asked, part, voice, event_id }: Speech,
  signal: AbortSignal,
): Promise<SpeechAudio | null> {
  const { speech } = ctx.voice
  if (!speech) throw new ChatError('voice_not_configured')
  const { model } = speech
  const longest = ctx.longestSpeech
  if (part === undefined && [...asked].length > longest)
    throwInvalid('/text', `must have at most ${longest} characters`)
  // An answer has its secrets put back, and the endpoint is as much a provider as the model's. Hidden, then cut: half a secret isn't found.
  const hidden = createRedactor([asked], { mail: ctx.redactMail }).redact(asked)
  const text = part === undefined ? hidden : splitSpeech(hidden, Math.min(PIECE_CHARACTERS, longest))[part]
  if (text === undefined) return null
  const spent = toSpeechSpend(model, text)
  return onRecord<SpeechAudio>(ctx, caller, {
    event_id,
    hold: spent,
    call: () => speech.speak(text, voice, signal),
    recordOf: () => ({
      ...{ kind: 'speech', model: model.name, size: [...text].length, spent },
      cost_micros: computeSpeechCost(model, text),
    }),
    signal,
  })
}

interface Recorded<T> {
  event_id: string | undefined
  hold: Spend
  call(): Promise<T>
  /** Of what came back, or of what was sent if nothing did. */
  recordOf(result: T | undefined): Pick<VoiceCall, 'kind' | 'model' | 'size' | 'spent' | 'cost_micros'>
  signal: AbortSignal
}

/** Holds, calls, and books. What failed is free; what its caller left is booked as it was held, as the endpoint may have done it. */
async function onRecord<T>(ctx: VoiceContext, caller: Principal, work: Recorded<T>): Promise<T> {
  requirePerson(caller)
  const { event_id, signal } = work
  if (event_id !== undefined) await requirePersonRights(ctx, caller, event_id)
  const who = { call_id: createId(), user_id: caller.user_id, event_id: event_id ?? null }
  await ctx.voiceCalls.reserve(who, work.hold)
  const began = performance.now()
  const record = async (outcome: VoiceCall['outcome'], result?: T): Promise<void> => {
    const call = { ...who, ...work.recordOf(result), outcome, total_ms: performance.now() - began }
    const free = outcome === 'failed' && { spent: NO_SPEND, cost_micros: null }
    await ctx.voiceCalls
      .record({ ...call, ...free })
      .catch((cause) => ctx.log.error('EngineerChat.voice_call_not_recorded', { user_id: caller.user_id }, cause))
  }
  try {
    const result = await work.call()
    await record('ok', result)
    return result
  } catch (error) {
    await record(signal.aborted ? 'cancelled' : 'failed')
    throw error
  }
}
