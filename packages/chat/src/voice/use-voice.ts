import type { Speech, TranscriptionQuery } from '@engineer-chat/protocol'
import { type Amount, NOTHING } from '../budgets/index.ts'
import { notAgent, personIn, type Rights } from '../people/index.ts'
import { redactor } from '../prompting/index.ts'
import { type Caller, ChatError, invalid, type Log, newId, repairText } from '../shared/index.ts'
import { spokenPieces } from './speech-parts.ts'
import type { Recording, Spoken, Transcript, Voice, VoiceCall, VoiceCalls } from './voice.ts'
import { secondsOf, speechAmount, speechCost, transcriptionAmount, transcriptionCost } from './voice-costs.ts'

export interface VoiceContext {
  rights: Rights
  voice: Voice
  voiceCalls: VoiceCalls
  log: Log
}

export interface SpeechContext extends VoiceContext {
  /** Whether the names of mail addresses stay here, too. */
  redactMail: boolean
  /** Characters that are spoken at once, at most. */
  longestSpeech: number
}

/** The text of a recording, within the budgets. @throws ChatError voice_not_configured, voice_failed, budget_exceeded, event_not_found */
export async function transcribeRecording(
  ctx: VoiceContext,
  caller: Caller,
  { audio, type, language, event_id }: Recording & TranscriptionQuery,
  signal: AbortSignal,
): Promise<string> {
  const { transcription } = ctx.voice
  if (!transcription) throw new ChatError('voice_not_configured')
  const { model } = transcription
  const guessed = secondsOf({ audio, type })
  const { text } = await onRecord<Transcript>(ctx, caller, {
    event_id,
    hold: transcriptionAmount(model, guessed),
    call: () => transcription.transcribe({ audio, type, language }, signal),
    recordOf: (transcript) => {
      const size = transcript?.seconds ?? guessed
      const spent = transcriptionAmount(model, size)
      return { kind: 'transcription', model: model.name, size, spent, cost_micros: transcriptionCost(model, size) }
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
  caller: Caller,
  { text: asked, part, voice, event_id }: Speech,
  signal: AbortSignal,
): Promise<Spoken | null> {
  const { speech } = ctx.voice
  if (!speech) throw new ChatError('voice_not_configured')
  const { model } = speech
  const longest = ctx.longestSpeech
  if (part === undefined && [...asked].length > longest) invalid('/text', `must have at most ${longest} characters`)
  // An answer has its secrets put back, and the endpoint is as much a provider as the model's. Hidden, then cut: half a secret isn't found.
  const hidden = redactor([asked], { mail: ctx.redactMail }).hide(asked)
  const text = part === undefined ? hidden : spokenPieces(hidden, Math.min(PIECE_CHARACTERS, longest))[part]
  if (text === undefined) return null
  const spent = speechAmount(model, text)
  return onRecord<Spoken>(ctx, caller, {
    event_id,
    hold: spent,
    call: () => speech.speak(text, voice, signal),
    recordOf: () => ({
      ...{ kind: 'speech', model: model.name, size: [...text].length, spent },
      cost_micros: speechCost(model, text),
    }),
    signal,
  })
}

interface Recorded<T> {
  event_id: string | undefined
  hold: Amount
  call(): Promise<T>
  /** Of what came back, or of what was sent if nothing did. */
  recordOf(result: T | undefined): Pick<VoiceCall, 'kind' | 'model' | 'size' | 'spent' | 'cost_micros'>
  signal: AbortSignal
}

/** Holds, calls, and books. What failed is free; what its caller left is booked as it was held, as the endpoint may have done it. */
async function onRecord<T>(ctx: VoiceContext, caller: Caller, work: Recorded<T>): Promise<T> {
  notAgent(caller)
  const { event_id, signal } = work
  if (event_id !== undefined) await personIn(ctx, caller, event_id)
  const who = { call_id: newId(), user_id: caller.user_id, event_id: event_id ?? null }
  await ctx.voiceCalls.hold(who, work.hold)
  const began = performance.now()
  const record = async (outcome: VoiceCall['outcome'], result?: T): Promise<void> => {
    const call = { ...who, ...work.recordOf(result), outcome, total_ms: performance.now() - began }
    const free = outcome === 'failed' && { spent: NOTHING, cost_micros: null }
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
