import { readdirSync, readFileSync } from 'node:fs'
import type { LlmStreamPart } from '@engineer-chat/chat/models'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createMessageStream } from '../../src/llm/anthropic/message-stream.ts'
import { createCompletionStream } from '../../src/llm/openai/completion-stream.ts'

const FOLDER = new URL('./streams/', import.meta.url)
const TEXT = 'Isolate `FIN-WS-042` first. 先隔离主机，再封禁 203.0.113.77 🛡️.'
const THOUGHT = 'The host beacons; 先想一想 🤔.'
const USAGE = { prompt_tokens: 812, completion_tokens: 41 }

interface Expected {
  text?: string
  reasoning?: string
  finish?: object
  failure?: object
}

const createFinish = (model: string, overrides: object = {}) => ({
  type: 'finish',
  reason: 'stop',
  usage: USAGE,
  model,
  ...overrides,
})
const CUT = { code: 'llm_stream_cut', transient: true }

/** Maps each file of `streams` to the parts or the failure that it must give. */
const MEANINGS: Record<string, Expected> = {
  openai: { text: TEXT, finish: createFinish('gpt-5-mini-2025-08-07') },
  deepseek: { text: TEXT, reasoning: THOUGHT, finish: createFinish('deepseek-reasoner') },
  dashscope: { text: TEXT, reasoning: THOUGHT, finish: createFinish('qwen3-235b-a22b') },
  ollama: { text: TEXT, reasoning: `\n${THOUGHT}\n`, finish: createFinish('qwen3:8b') },
  vllm: { text: TEXT, reasoning: THOUGHT, finish: createFinish('Qwen/Qwen3-32B') },
  litellm: {
    text: TEXT,
    reasoning: THOUGHT,
    finish: createFinish('claude-via-litellm', { reason: 'length', usage: null }),
  },
  'gateway-without-done': { text: TEXT, finish: createFinish('local') },
  'openai-cut': { failure: CUT },
  'openai-cut-politely': { failure: CUT },
  anthropic: { text: TEXT, finish: createFinish('claude-sonnet-4-5-20250929') },
  'anthropic-thinking': { text: TEXT, reasoning: THOUGHT, finish: createFinish('claude-sonnet-4-5-20250929') },
  'anthropic-max-tokens': { text: TEXT, finish: createFinish('claude-sonnet-4-5-20250929', { reason: 'length' }) },
  'anthropic-cut': { failure: CUT },
  'anthropic-overloaded': { failure: { code: 'llm_unavailable', transient: true } },
  'anthropic-refusal': { failure: { code: 'llm_rejected', transient: false } },
}

function readStream(name: string, chunks: Uint8Array[]) {
  const stream = name.startsWith('anthropic') ? createMessageStream('asked') : createCompletionStream('asked')
  const parts: LlmStreamPart[] = []
  try {
    for (const chunk of chunks) parts.push(...stream.push(chunk))
    parts.push(...stream.end(), stream.finish())
    return { parts }
  } catch (error) {
    return { parts: [], error } // Parts before a failure don't count.
  }
}

const joinTexts = (parts: LlmStreamPart[], type: 'text' | 'reasoning') =>
  parts.map((part) => (part.type === type ? part.text : '')).join('')

t.test('[LLM6] [LLM5] a recorded stream of every provider is understood', async (t) => {
  t.same(
    readdirSync(FOLDER).sort(),
    Object.keys(MEANINGS)
      .map((name) => `${name}.sse`)
      .sort(),
  )
  for (const [name, { text = '', reasoning = '', finish, failure }] of Object.entries(MEANINGS)) {
    const { parts, error } = readStream(name, [readFileSync(new URL(`${name}.sse`, FOLDER))])
    if (failure) {
      t.match(error, failure, name)
      t.notMatch(`${error}`, /UPSTREAM/, name)
      continue
    }
    t.equal(error, undefined, name)
    t.equal(joinTexts(parts, 'text'), text, name)
    t.equal(joinTexts(parts, 'reasoning'), reasoning, name)
    t.strictSame(parts.at(-1), finish, name)
  }
})

t.test(
  '[LLM6] every split of a recorded stream gives the same parts: in two at every byte, byte by byte, and at random',
  async (t) => {
    for (const name of Object.keys(MEANINGS)) {
      const bytes = readFileSync(new URL(`${name}.sse`, FOLDER))
      const whole = JSON.stringify(readStream(name, [bytes]))
      const singles = Array.from(bytes, (byte) => Uint8Array.of(byte))
      t.equal(JSON.stringify(readStream(name, singles)), whole, `${name}, byte by byte`)
      let differentCount = 0
      for (let index = 1; index < bytes.length; index++) {
        const halves = [bytes.subarray(0, index), bytes.subarray(index)]
        if (JSON.stringify(readStream(name, halves)) !== whole) differentCount += 1
      }
      t.equal(differentCount, 0, `${name}, in two at each of ${bytes.length} bytes`)
      const random = createSeededRandom(bytes.length)
      for (let round = 0; round < 200; round++) {
        const maxPartBytes = 1 + random.below(64)
        const parts: Uint8Array[] = []
        for (let start = 0; start < bytes.length; ) {
          const end = start + 1 + random.below(maxPartBytes)
          parts.push(bytes.subarray(start, end))
          start = end
        }
        if (JSON.stringify(readStream(name, parts)) !== whole) differentCount += 1
      }
      t.equal(differentCount, 0, `${name}, in any number of parts`)
    }
  },
)
