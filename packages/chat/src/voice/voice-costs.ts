import { countCharacters } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import { estimateTokens } from '../models/index.ts'
import type { Recording, VoiceModel } from './voice.ts'

/** A second of sound counts as this many tokens in budgets. The model gpt-4o-transcribe counts the same number. */
const TOKENS_PER_SECOND = 10
/** Browsers and phones record speech at about this rate. A length that the endpoint reports replaces the estimate. */
const BYTES_PER_SECOND = 2_000
/** These types are not compressed, or not much. */
const BYTES_PER_SECOND_BY_TYPE: Record<string, number> = {
  'audio/wav': 8_000,
  'audio/x-wav': 8_000,
  'audio/flac': 4_000,
}

/** Estimates a recording's length before the endpoint reads it, too long rather than too short. */
export const estimateSeconds = ({ audio, type }: Recording): number =>
  Math.ceil(audio.length / (BYTES_PER_SECOND_BY_TYPE[type] ?? BYTES_PER_SECOND))

/** Returns millionths of the currency, or null if the price per minute is not known. */
export const computeTranscriptionCost = ({ price }: VoiceModel, seconds: number): number | null =>
  price && Math.ceil((price * 1e6 * seconds) / 60)

/** Returns millionths of the currency, or null. The price is per million characters, so it needs no conversion. */
export const computeSpeechCost = ({ price }: VoiceModel, text: string): number | null =>
  price && Math.ceil(price * countCharacters(text))

export const toTranscriptionSpend = (model: VoiceModel, seconds: number): Spend => ({
  tokens: Math.ceil(seconds * TOKENS_PER_SECOND),
  micros: computeTranscriptionCost(model, seconds) ?? 0,
})

export const toSpeechSpend = (model: VoiceModel, text: string): Spend => ({
  tokens: estimateTokens(text),
  micros: computeSpeechCost(model, text) ?? 0,
})
