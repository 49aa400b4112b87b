import type { Usage } from '@engineer-chat/protocol'

/**
 * Estimates how many tokens a text has, too many rather than too few. For prose in any language, logs, code, JSON,
 * hashes and base64, tokenizers count at most `ESTIMATE_MARGIN` times the estimate (docs/adr/0012). A longer text never
 * gets a lower estimate, and the estimate of joined texts never exceeds the sum of their estimates.
 */
export function estimateTokens(text: string): number {
  let weight = 0
  let previousCode = NO_CHARACTER
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    weight += weighCharacter(previousCode, code)
    previousCode = code
  }
  return Math.ceil(weight / TOKEN_WEIGHT)
}

/**
 * A tokenizer may count up to this many times the estimate. Only texts of rare Han characters or random letters may
 * exceed this margin.
 */
export const ESTIMATE_MARGIN = 1.1

/** Returns how many UTF-16 units of the text, from its start or back from its end, fit into this many tokens. */
export function countUtf16UnitsThatFit(text: string, maxTokens: number, from: 'start' | 'end'): number {
  const maxWeight = maxTokens * TOKEN_WEIGHT
  let totalWeight = 0
  for (let count = 0; count < text.length; count++) {
    const index = from === 'start' ? count : text.length - 1 - count
    const weight = weighCharacter(index > 0 ? text.charCodeAt(index - 1) : NO_CHARACTER, text.charCodeAt(index))
    // From the end, this character would be the first one of the part that fits, so it would have no predecessor.
    const outermostWeight = from === 'start' ? weight : weighCharacter(NO_CHARACTER, text.charCodeAt(index))
    if (totalWeight + outermostWeight > maxWeight) return count
    totalWeight += weight
  }
  return text.length
}

/** A token has this weight. Weights are integers, because sums of fractions have rounding errors. */
const TOKEN_WEIGHT = 100
const ASCII_SIZE = 0x80
/** Stands for the missing predecessor of a text's first character. */
const NO_CHARACTER = 0

/**
 * Returns the weight that a UTF-16 unit adds after the previous one. A new token begins with a word, with each digit,
 * and between two letters that seldom follow each other. After `NO_CHARACTER`, no unit weighs less than elsewhere.
 */
function weighCharacter(previousCode: number, code: number): number {
  if (code >= ASCII_SIZE) return weighNonAsciiCharacter(code)
  return PAIR_WEIGHTS[(previousCode < ASCII_SIZE ? previousCode : NO_CHARACTER) * ASCII_SIZE + code] ?? TOKEN_WEIGHT
}

function weighNonAsciiCharacter(code: number): number {
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
  if (/[a-z]/.test(character)) return isCommon ? 8 : 66
  if (/[a-z]/.test(previous)) return 100 // A capital after a small letter begins a new word, as in `camelCase`.
  return isCommon ? 35 : 65
}

/** A turn costs this many tokens in addition to its text. */
export const TOKENS_PER_TURN = 6

/** Compares the token counts of providers with the estimates. A process has one calibration. */
export interface TokenCalibration {
  /** An estimate times this factor is the most that this model is expected to count. A token limit is divided by it. */
  getFactor(modelId: string): number
  /** Records a call whose prompt was estimated at `estimated` tokens. */
  recordUsage(modelId: string, estimated: number, usage: Usage): void
}

/** A prompt with fewer tokens says too little about the ratio of counted to estimated tokens. */
const MIN_COMPARED_TOKENS = 200
/** Limits the memory. The ratio of a further model stays 1. */
const MAX_MODELS = 1_000
const MIN_RATIO = 0.5
const MAX_RATIO = 3
/** If a new ratio is lower than the previous one, it gets this weight in their average. */
const FALL_SHARE = 0.1

/**
 * A higher ratio of a call applies at once, a lower one slowly: if an estimate is too low, the provider may refuse the
 * request; if it is too high, only the history gets shorter.
 */
export function createTokenCalibration(): TokenCalibration {
  const ratios = new Map<string, number>()
  return {
    getFactor: (modelId) => (ratios.get(modelId) ?? 1) * ESTIMATE_MARGIN,
    recordUsage(modelId, estimated, { prompt_tokens }) {
      // A provider may also count only the tokens that were not cached, which may be few.
      if (estimated < MIN_COMPARED_TOKENS || prompt_tokens < MIN_COMPARED_TOKENS) return
      const ratio = Math.min(MAX_RATIO, Math.max(MIN_RATIO, prompt_tokens / estimated))
      const previous = ratios.get(modelId)
      if (previous === undefined && ratios.size >= MAX_MODELS) return
      const isRising = previous === undefined || ratio > previous
      ratios.set(modelId, isRising ? ratio : previous * (1 - FALL_SHARE) + ratio * FALL_SHARE)
    },
  }
}
