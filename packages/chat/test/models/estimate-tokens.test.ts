import { estimateTokens } from '@engineer-chat/chat/models'
import { countTokens as cl100k } from 'gpt-tokenizer/encoding/cl100k_base'
import { countTokens as o200k } from 'gpt-tokenizer/encoding/o200k_base'
import t from 'tap'
import { ESTIMATE_MARGIN } from '../../src/models/estimate-tokens.ts'
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts'
import { TEXTS } from '../prompting/text-samples.ts'

/** Counts as the first tokenizers of Qwen and Llama do: a digit is a separate token. */
const countDigitsApart = (text: string): number =>
  text.split(/(\d)/).reduce((sum, part) => sum + (/^\d$/.test(part) ? 1 : part === '' ? 0 : cl100k(part)), 0)

const TOKENIZERS = { o200k, cl100k, countDigitsApart }
const countMostTokens = (text: string): number => Math.max(...Object.values(TOKENIZERS).map((count) => count(text)))

/** Returns the highest ratio of counted to estimated tokens. */
function findWorst(texts: string[]): { factor: number; text: string } {
  const factors = texts.map((text) => ({
    factor: countMostTokens(text) / estimateTokens(text),
    text: text.slice(0, 80),
  }))
  return factors.reduce((a, b) => (b.factor > a.factor ? b : a))
}

for (const [kind, write] of Object.entries(TEXTS)) {
  t.test(`[CTX3] no tokenizer counts more for ${kind} than was estimated, or less than half of it`, async (t) => {
    const random = createSeededRandom(20_261_122)
    const texts = Array.from({ length: 60 }, () => write(random))
    const { factor, text } = findWorst(texts)
    t.ok(factor <= ESTIMATE_MARGIN, `${factor.toFixed(3)} times for ${text}`)
    const estimated = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
    const counted = texts.reduce((sum, text) => sum + countMostTokens(text), 0)
    t.ok(estimated <= counted * 2, `${(estimated / counted).toFixed(2)} times what is counted`)
  })
}

t.test('[CTX3] no tokenizer counts more for a mixture than was estimated, wherever it is cut', async (t) => {
  const random = createSeededRandom(7)
  const { factor, text } = findWorst(Array.from({ length: 400 }, () => createMixture(random)))
  t.ok(factor <= ESTIMATE_MARGIN, `${factor.toFixed(3)} times for ${text}`)
})

function createMixture(random: SeededRandom): string {
  const parts = Array.from({ length: 2 + random.below(10) }, () => {
    const text = random.pick(Object.values(TEXTS))(random)
    const from = random.below(text.length)
    return text.slice(from, from + 1 + random.below(400)).toWellFormed()
  })
  return parts.join(random.pick(['', ' ', '\n', ', ']))
}
