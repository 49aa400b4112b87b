import type { Spend } from '../budgets/index.ts'
import { estimateTokens } from '../models/index.ts'
import type { Recording, VoiceModel } from './voice.ts'

/** What a second of sound counts in budgets of tokens, as gpt-4o-transcribe counts it. */
const TOKENS_PER_SECOND = 10
/** Of speech, as browsers and telephones record it; a recording of fewer bytes a second is booked by the endpoint's count. */
const BYTES_PER_SECOND = 2_000
const BYTES_PER_SECOND_OF: Record<string, number> = { 'audio/wav': 8_000, 'audio/x-wav': 8_000, 'audio/flac': 4_000 }

/** How long a recording may be, before anybody has heard it; rather too long. */
export const estimateSeconds = ({ audio, type }: Recording): number =>
  Math.ceil(audio.length / (BYTES_PER_SECOND_OF[type] ?? BYTES_PER_SECOND))

export const computeTranscriptionCost = ({ price }: VoiceModel, seconds: number): number | null =>
  price && Math.ceil((price * 1e6 * seconds) / 60)

/** A price per million characters is a price in millionths per character. */
export const computeSpeechCost = ({ price }: VoiceModel, text: string): number | null =>
  price && Math.ceil(price * [...text].length)

export const toTranscriptionSpend = (model: VoiceModel, seconds: number): Spend => ({
  tokens: Math.ceil(seconds * TOKENS_PER_SECOND),
  micros: computeTranscriptionCost(model, seconds) ?? 0,
})

export const toSpeechSpend = (model: VoiceModel, text: string): Spend => ({
  tokens: estimateTokens(text),
  micros: computeSpeechCost(model, text) ?? 0,
})
