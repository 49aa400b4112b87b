import type { Usage } from '@engineer-chat/protocol'

/**
 * Estimates how many tokens a text has. The estimate is usually too high. For prose in any language, logs, code, JSON,
 * hashes and base64, tokenizers count at most `ESTIMATE_MARGIN` times the estimate (docs/adr/0012). A text with more
 * characters at its end never gets a lower estimate. Joined texts never get more than the sum of their estimates.
 */
export function estimateTokens(text: string): number {
  let weight = 0
  let previousCode = NO_CHARACTER
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    weight += weighUtf16Unit(previousCode, code)
    previousCode = code
  }
  return Math.ceil(weight / TOKEN_WEIGHT)
}

/**
 * A tokenizer may count up to this many times the estimate. Only texts of rare Han characters or random letters may
 * exceed this margin.
 */
export const ESTIMATE_MARGIN = 1.1

/**
 * Counts the UTF-16 units of the longest part that is estimated to fit into `maxTokens`. The part is the start or the
 * end of the text.
 */
export function countUtf16UnitsThatFit(text: string, maxTokens: number, from: 'start' | 'end'): number {
  const maxWeight = maxTokens * TOKEN_WEIGHT
  let totalWeight = 0
  for (let count = 0; count < text.length; count++) {
    const index = from === 'start' ? count : text.length - 1 - count
    const code = text.charCodeAt(index)
    const weight = weighUtf16Unit(index > 0 ? text.charCodeAt(index - 1) : NO_CHARACTER, code)
    // A part that is the end of the text would begin with this unit, so the unit would have no predecessor there.
    const weightAtEdge = from === 'start' ? weight : weighUtf16Unit(NO_CHARACTER, code)
    if (totalWeight + weightAtEdge > maxWeight) return count
    totalWeight += weight
  }
  return text.length
}

/** This weight counts as one token. Weights are integers, because sums of fractions have rounding errors. */
const TOKEN_WEIGHT = 100
/** ASCII has this many characters: their codes are lower than this number. */
const ASCII_SIZE = 0x80
/** Stands for the missing predecessor of a text's first unit. */
const NO_CHARACTER = 0

/**
 * Returns the weight that a UTF-16 unit adds after the previous one. A new token begins with a word, with each digit,
 * and between two letters that seldom follow each other. A unit weighs most after `NO_CHARACTER`. An ASCII character
 * after a unit that is not ASCII weighs the same.
 */
function weighUtf16Unit(previousCode: number, code: number): number {
  if (code >= ASCII_SIZE) return weighNonAsciiUnit(code)
  return PAIR_WEIGHTS[(previousCode < ASCII_SIZE ? previousCode : NO_CHARACTER) * ASCII_SIZE + code] ?? TOKEN_WEIGHT
}

function weighNonAsciiUnit(code: number): number {
  if (code < 0x370) return 110 // These are Latin letters with accents.
  if (code < 0x590) return 90 // These are Greek and Cyrillic letters.
  if (code < 0x2070) return 120 // These are other alphabets and typographic punctuation.
  if (code < 0x2e80) return 220 // These are symbols.
  if (code < 0xd800) return 130 // These are Han, kana and Hangul.
  if (code < 0xe000) return 180 // These are surrogates: an emoji or a rare character has two of them.
  return code < 0xf900 ? 300 : 150 // Private-use characters end below 0xf900; compatibility forms follow.
}

/** These pairs of letters make up most of written English. */
const COMMON_PAIRS = new Set(
  `th he in er an re nd on en at ou ed ha to or it is hi es ng ti ar te se st nt al as le ve of me ra ri ro ic ne ea io co de
  ll ta ma el om ur li us ce ch fo la di ho et ec no si em ac ut ss wi ow no ct un so ns tr ca ge ly rs ai il ot pe po pr ee
  id ol ad mo lo am na ir be we ke im su wh ay da sh id wa ni ly ag ev ie ei ul ab os oo ck op ap ts tt ba bl ci cl cr fi do
  ex ac qu pl if ig ai ty mi mp nc rd rt ry sp uc ue ud ug vi au ki av ef ep er rm oc od og ff pa`.split(/\s+/),
)

/** Holds the weight of each pair of ASCII characters at the index `previousCode * ASCII_SIZE + code`. */
const PAIR_WEIGHTS = Uint8Array.from({ length: ASCII_SIZE * ASCII_SIZE }, (_, index) =>
  weighPair(String.fromCharCode(Math.floor(index / ASCII_SIZE)), String.fromCharCode(index % ASCII_SIZE)),
)

function weighPair(previous: string, character: string): number {
  if (character === ' ') return 20
  if (/[0-9]/.test(character)) return 100
  if (!/[a-z]/i.test(character)) return '0123456789\0'.includes(previous) ? 100 : 80 // `\0` is `NO_CHARACTER`.
  if (!/[a-z]/i.test(previous)) return /[ \t\n]/.test(previous) ? 80 : 100
  const isCommon = COMMON_PAIRS.has(`${previous}${character}`.toLowerCase())
  if (/[a-z]/.test(character)) return isCommon ? 8 : 66 // This is a small letter after a letter.
  if (/[a-z]/.test(previous)) return 100 // A capital after a small letter begins a new word, as in `camelCase`.
  return isCommon ? 35 : 65 // This is a capital after a capital.
}

/** A turn costs this many tokens in addition to its text. */
export const TOKENS_PER_TURN = 6

/** Compares the token counts of providers with the estimates. A process has one calibration. */
export interface TokenCalibration {
  /**
   * Returns the factor between an estimate and the most tokens that this model is expected to count for the same text.
   * Callers divide a token limit by this factor.
   */
  getFactor(modelId: string): number
  /** Records the provider's count for a call. `estimatedTokens` is the estimate of the prompt. */
  recordUsage(modelId: string, estimatedTokens: number, usage: Usage): void
}

/** A prompt with fewer tokens says too little about the ratio of counted to estimated tokens. */
const MIN_COMPARED_TOKENS = 200
/** Limits the memory: the ratios of this many models are stored. The ratio of any other model stays 1. */
const MAX_MODELS = 1_000
const MIN_RATIO = 0.5
const MAX_RATIO = 3
/** A ratio that is lower than the stored one gets this share of their weighted average. */
const FALL_SHARE = 0.1

/**
 * Stores a ratio for each model. If the ratio of a call is higher, it replaces the stored one at once, because the
 * provider may refuse a request whose estimate is too low. A lower ratio has its effect slowly, because an estimate
 * that is too high only makes the history shorter.
 */
export function createTokenCalibration(): TokenCalibration {
  const ratios = new Map<string, number>()
  return {
    getFactor: (modelId) => (ratios.get(modelId) ?? 1) * ESTIMATE_MARGIN,
    recordUsage(modelId, estimatedTokens, { prompt_tokens }) {
      // `prompt_tokens` may be low for a long prompt, because some providers don't count cached tokens.
      if (estimatedTokens < MIN_COMPARED_TOKENS || prompt_tokens < MIN_COMPARED_TOKENS) return
      const ratio = Math.min(MAX_RATIO, Math.max(MIN_RATIO, prompt_tokens / estimatedTokens))
      const storedRatio = ratios.get(modelId)
      if (storedRatio === undefined && ratios.size >= MAX_MODELS) return
      const replacesStored = storedRatio === undefined || ratio > storedRatio
      ratios.set(modelId, replacesStored ? ratio : storedRatio * (1 - FALL_SHARE) + ratio * FALL_SHARE)
    },
  }
}
