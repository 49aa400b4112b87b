import { estimateTokens } from '@engineer-chat/chat/models'
import { countTokens as cl100k } from 'gpt-tokenizer/encoding/cl100k_base'
import { countTokens as o200k } from 'gpt-tokenizer/encoding/o200k_base'
import t from 'tap'
import { ESTIMATE_MARGIN } from '../../src/models/estimate-tokens.ts'
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts'
import { TEXTS } from '../prompting/text-samples.ts'

/** Counts as the first tokenizers of Qwen and Llama do: each digit is a separate token. */
function countDigitsApart(text: string): number {
  const digitCount = text.match(/\d/g)?.length ?? 0
  return text.split(/\d/).reduce((sum, part) => sum + (part === '' ? 0 : cl100k(part)), digitCount)
}

const TOKENIZERS = { o200k, cl100k, countDigitsApart }
const countMostTokens = (text: string): number => Math.max(...Object.values(TOKENIZERS).map((count) => count(text)))

/** Finds the text with the highest ratio of counted to estimated tokens. */
function findMostUnderestimated(texts: string[]): { factor: number; text: string } {
  const factors = texts.map((text) => ({
    factor: countMostTokens(text) / estimateTokens(text),
    text: text.slice(0, 80),
  }))
  return factors.reduce((highest, next) => (next.factor > highest.factor ? next : highest))
}

for (const [kind, write] of Object.entries(TEXTS)) {
  t.test(
    `[CTX3] for ${kind}, no tokenizer counts more than the estimate, and the estimate is at most twice the count`,
    async (t) => {
      const random = createSeededRandom(20_261_122)
      const texts = Array.from({ length: 60 }, () => write(random))
      const { factor, text } = findMostUnderestimated(texts)
      t.ok(factor <= ESTIMATE_MARGIN, `${factor.toFixed(3)} times for ${text}`)
      const estimated = texts.reduce((sum, text) => sum + estimateTokens(text), 0)
      const counted = texts.reduce((sum, text) => sum + countMostTokens(text), 0)
      t.ok(estimated <= counted * 2, `${(estimated / counted).toFixed(2)} times the count`)
    },
  )
}

t.test('[CTX3] for a mixture of texts that are cut anywhere, no tokenizer counts more than the estimate', async (t) => {
  const random = createSeededRandom(7)
  const { factor, text } = findMostUnderestimated(Array.from({ length: 400 }, () => createMixture(random)))
  t.ok(factor <= ESTIMATE_MARGIN, `${factor.toFixed(3)} times for ${text}`)
})

t.test('[CTX3] the estimate of joined texts never exceeds the sum of their estimates', async (t) => {
  const random = createSeededRandom(8)
  const characters = [...'aeT19 .,\n(é中😀']
  const writeText = () => Array.from({ length: 1 + random.below(6) }, () => random.pick(characters)).join('')
  const pairs = Array.from({ length: 20_000 }, () => [writeText(), writeText()] as const)
  const exceeding = pairs.filter(
    ([start, end]) => estimateTokens(start + end) > estimateTokens(start) + estimateTokens(end),
  )
  t.same(exceeding, [])
})

function createMixture(random: SeededRandom): string {
  const parts = Array.from({ length: 2 + random.below(10) }, () => {
    const text = random.pick(Object.values(TEXTS))(random)
    const start = random.below(text.length)
    return text.slice(start, start + 1 + random.below(400)).toWellFormed()
  })
  return parts.join(random.pick(['', ' ', '\n', ', ']))
}
