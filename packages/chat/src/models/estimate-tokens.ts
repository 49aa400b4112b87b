import type { Usage } from '@engineer-chat/protocol'

/**
 * Estimates how many tokens a text has, too many rather than too few. For prose in any script, logs, code, JSON,
 * hashes and base64, tokenizers count at most `ESTIMATE_MARGIN` times this (docs/adr/0012). A longer text never gets
 * a lower estimate, and joined texts never exceed the sum of their estimates.
 */
export function estimateTokens(text: string): number {
  let sum = 0
  let before = NO_CHARACTER
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    sum += weighCharacter(before, code)
    before = code
  }
  return Math.ceil(sum)
}

/**
 * A tokenizer may count this much more than the estimate, so a model's budget is divided by it. Only rare Han
 * characters and random letters exceed it.
 */
export const ESTIMATE_MARGIN = 1.1

/** Returns how many characters, from the start or back from the end, fit into this many tokens. */
export function countCharactersThatFit(text: string, tokens: number, from: 'start' | 'end'): number {
  let sum = 0
  for (let count = 0; count < text.length; count++) {
    const index = from === 'start' ? count : text.length - 1 - count
    const weight = weighCharacter(index > 0 ? text.charCodeAt(index - 1) : NO_CHARACTER, text.charCodeAt(index))
    // Counting from the end, this character begins the piece, so it has no predecessor.
    const first = from === 'start' ? weight : weighCharacter(NO_CHARACTER, text.charCodeAt(index))
    if (sum + first > tokens) return count
    sum += weight
  }
  return text.length
}

const ASCII = 0x80
/** Stands for the missing predecessor of a text's first character. */
const NO_CHARACTER = 0

/**
 * Returns the tokens that a UTF-16 unit adds after another one. A token begins with a word, with each digit, and
 * between two letters that seldom follow each other.
 */
function weighCharacter(before: number, code: number): number {
  if (code < ASCII) return PAIR_WEIGHTS[(before < ASCII ? before : NO_CHARACTER) * ASCII + code] ?? 1
  return weighOtherCharacter(code)
}

function weighOtherCharacter(code: number): number {
  if (code < 0x370) return 1.1 // These are Latin letters with accents.
  if (code < 0x590) return 0.9 // These are Greek and Cyrillic letters.
  if (code < 0x2070) return 1.2 // These are other alphabets and typographic punctuation.
  if (code < 0x2e80) return 2.2 // These are symbols.
  if (code < 0xd800) return 1.3 // These are Han, kana and Hangul.
  if (code < 0xe000) return 1.8 // Emoji and rarer characters are two halves.
  return code < 0xf900 ? 3 : 1.5 // Private-use characters end below 0xf900; compatibility forms follow.
}

/** These pairs of letters make up most of written English. */
const COMMON_PAIRS = new Set(
  `th he in er an re nd on en at ou ed ha to or it is hi es ng ti ar te se st nt al as le ve of me ra ri ro ic ne ea io co de
  ll ta ma el om ur li us ce ch fo la di ho et ec no si em ac ut ss wi ow no ct un so ns tr ca ge ly rs ai il ot pe po pr ee
  id ol ad mo lo am na ir be we ke im su wh ay da sh id wa ni ly ag ev ie ei ul ab os oo ck op ap ts tt ba bl ci cl cr fi do
  ex ac qu pl if ig ai ty mi mp nc rd rt ry sp uc ue ud ug vi au ki av ef ep er rm oc od og ff pa`.split(/\s+/),
)

const PAIR_WEIGHTS = Float64Array.from({ length: ASCII * ASCII }, (_, index) =>
  weighPair(String.fromCharCode(Math.floor(index / ASCII)), String.fromCharCode(index % ASCII)),
)

function weighPair(before: string, char: string): number {
  if (char === ' ') return 0.2
  if (/[0-9]/.test(char)) return 1
  if (!/[a-z]/i.test(char)) return /[0-9]/.test(before) ? 1 : 0.8
  if (!/[a-z]/i.test(before)) return /[ \t\n]/.test(before) ? 0.8 : 1
  const isCommon = COMMON_PAIRS.has(`${before}${char}`.toLowerCase())
  if (/[a-z]/.test(char)) return isCommon ? 0.08 : 0.66
  return /[a-z]/.test(before) ? 1 : isCommon ? 0.35 : 0.65
}

/** A turn costs this many tokens in addition to its text. */
export const TOKENS_PER_TURN = 6

/** Compares what providers counted with what was estimated. A process has one calibration. */
export interface TokenCalibration {
  /** Returns the factor by which an estimate for this model is multiplied. */
  getFactor(model: string): number
  recordUsage(model: string, estimated: number, usage: Usage): void
}

const MIN_TOKENS = 200
const MAX_MODELS = 1_000

/**
 * The factor rises at once and falls slowly: if an estimate is too low, the provider may refuse the request, and if it
 * is too high, only the history gets shorter.
 */
export function createTokenCalibration(): TokenCalibration {
  const ratios = new Map<string, number>()
  return {
    getFactor: (model) => (ratios.get(model) ?? 1) * ESTIMATE_MARGIN,
    recordUsage(model, estimated, { prompt_tokens }) {
      // A small number says too little. A provider may also count only the tokens that were not cached.
      if (estimated < MIN_TOKENS || prompt_tokens < MIN_TOKENS) return
      const ratio = Math.min(3, Math.max(0.5, prompt_tokens / estimated))
      const before = ratios.get(model)
      if (before === undefined && ratios.size >= MAX_MODELS) return
      ratios.set(model, before === undefined || ratio > before ? ratio : before * 0.9 + ratio * 0.1)
    },
  }
}
