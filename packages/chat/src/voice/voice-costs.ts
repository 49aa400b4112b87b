import { countCharacters } from '@engineer-chat/protocol'
import type { Spend } from '../budgets/index.ts'
import { estimateTokens } from '../models/index.ts'
import type { Recording, VoiceModel } from './voice.ts'

/** A second of a recording counts as this many tokens in budgets, as in the usage that gpt-4o-transcribe reports. */
const TOKENS_PER_SECOND = 10
/** Is a low rate for compressed speech (16 kbit/s), so that most recordings are shorter than their estimate. */
const DEFAULT_BYTES_PER_SECOND = 2_000
/** Holds a low rate for each content type whose sound is not compressed, or not much. */
const BYTES_PER_SECOND_BY_TYPE: Record<string, number> = {
  'audio/wav': 8_000,
  'audio/x-wav': 8_000,
  'audio/flac': 4_000,
}

/**
 * Estimates the length of a recording before the endpoint reports it. The estimate is more often too long than too
 * short.
 */
export const estimateSeconds = ({ audio, type }: Recording): number =>
  Math.ceil(audio.length / (BYTES_PER_SECOND_BY_TYPE[type] ?? DEFAULT_BYTES_PER_SECOND))

/** Returns millionths of the currency, or null if the price is not known. The price is per minute. */
export const computeTranscriptionCost = ({ price }: VoiceModel, seconds: number): number | null =>
  price === null ? null : Math.ceil((price * 1e6 * seconds) / 60)

/**
 * Returns millionths of the currency, or null if the price is not known. The price is per million characters, so the
 * same number is the price of one character in millionths.
 */
export const computeSpeechCost = ({ price }: VoiceModel, text: string): number | null =>
  price === null ? null : Math.ceil(price * countCharacters(text))

/** A recording without a known price spends tokens, but no money. */
export const toTranscriptionSpend = (model: VoiceModel, seconds: number): Spend => ({
  tokens: Math.ceil(seconds * TOKENS_PER_SECOND),
  micros: computeTranscriptionCost(model, seconds) ?? 0,
})

/** A text without a known price spends tokens, but no money. */
export const toSpeechSpend = (model: VoiceModel, text: string): Spend => ({
  tokens: estimateTokens(text),
  micros: computeSpeechCost(model, text) ?? 0,
})
