import type { Usage } from '@engineer-chat/protocol'

/**
 * How many tokens a text is, rather too many than too few: a weight for each UTF-16 unit by its script, chosen so that no tokenizer
 * in wide use counts more for prose, logs, hashes and base64 (docs/adr/0012). It adds up: a longer text is never less.
 */
export function estimateTokens(text: string): number {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum += weightOf(text.charCodeAt(at))
  return Math.ceil(sum)
}

/** How many characters from the beginning, or back from the end, are at most so many tokens. */
export function charactersWithin(text: string, tokens: number, from: 'start' | 'end'): number {
  let sum = 0
  for (let count = 0; count < text.length; count++) {
    sum += weightOf(text.charCodeAt(from === 'start' ? count : text.length - 1 - count))
    if (sum > tokens) return count
  }
  return text.length
}

const isHalf = (code: number): boolean => code >= 0xd800 && code < 0xe000

function weightOf(code: number): number {
  if (code < 0x80) return ASCII[code] ?? 1
  if (code < 0x250) return 0.8 // Latin with accents
  if (code < 0x2e80) return 1 // other alphabets, punctuation
  return isHalf(code) ? 1.5 : 1.3 // emoji and what is rarer are two halves; Han, kana, Hangul
}

const ASCII = Array.from({ length: 0x80 }, (_, code) => {
  const char = String.fromCharCode(code)
  if (/[a-z]/.test(char)) return 0.3
  if (/[A-Z]/.test(char)) return 0.5
  if (char === ' ') return 0.2
  return 0.8 // digits, punctuation, line ends
})

/** What a turn costs beside its text. */
export const TOKENS_PER_TURN = 6

/** What providers counted, against what was estimated. One per process. */
export interface TokenGauge {
  /** What an estimate for this model is to be multiplied by. */
  factor(model: string): number
  counted(model: string, estimated: number, usage: Usage): void
}

const SAFETY = 1.1
const FEWEST = 200
const MAX_MODELS = 1_000

/** Goes up at once and comes down slowly: too many tokens is a refused request, too few only a shorter history. */
export function tokenGauge(): TokenGauge {
  const ratios = new Map<string, number>()
  return {
    factor: (model) => (ratios.get(model) ?? 1) * SAFETY,
    counted(model, estimated, { prompt_tokens }) {
      if (estimated < FEWEST || prompt_tokens < FEWEST) return // says too little, or is a count of what wasn't cached
      const seen = Math.min(3, Math.max(0.5, prompt_tokens / estimated))
      const before = ratios.get(model)
      if (before === undefined && ratios.size >= MAX_MODELS) return
      ratios.set(model, before === undefined || seen > before ? seen : before * 0.9 + seen * 0.1)
    },
  }
}
