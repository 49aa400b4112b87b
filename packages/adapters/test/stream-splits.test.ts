import { readFileSync } from 'node:fs'
import { LlmError } from '@engineer-chat/chat/models'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createMessageStream } from '../src/llm/anthropic/message-stream.ts'
import { createCompletionStream } from '../src/llm/openai/completion-stream.ts'
import { createThinkTagParser, type PartBeforeFinish } from '../src/llm/think-tags.ts'
import { type StreamCase, toBytes } from './provider-streams/case.ts'
import { furtherCases } from './provider-streams/further-cases.ts'

const recordedCases: StreamCase[] = JSON.parse(
  readFileSync(new URL('./provider-streams/recorded-cases.json', import.meta.url), 'utf8'),
)
const MAX_BYTES = 4_000
/** The recorded cases are split at each byte, the others at intervals. */
const STEP = 13

/** Returns the text and the reasoning at the end, also for an answer that failed. */
function summarizeStreamParts(streamParts: PartBeforeFinish[]) {
  let [text, reasoning] = ['', '']
  for (const streamPart of streamParts) {
    if (streamPart.type === 'reasoning') reasoning += streamPart.text
    else if (streamPart.type === 'text') text += streamPart.text
    else [text, reasoning] = ['', reasoning + text] // After `retract` the text so far was thinking.
  }
  return { text, reasoning }
}

function readStream(provider: string, chunks: Uint8Array[]): string {
  const createStream = provider === 'anthropic' ? createMessageStream : createCompletionStream
  const reader = createStream('requested-model')
  const streamParts: PartBeforeFinish[] = []
  try {
    for (const chunk of chunks) for (const streamPart of reader.push(chunk)) streamParts.push(streamPart)
    for (const streamPart of reader.end()) streamParts.push(streamPart)
    return JSON.stringify([summarizeStreamParts(streamParts), reader.finish()])
  } catch (error) {
    streamParts.push(...reader.flush())
    return JSON.stringify([
      summarizeStreamParts(streamParts),
      error instanceof LlmError ? `${error.code}: ${error.message}` : `${error}`,
    ])
  }
}

t.test('[LLM6] each case gives the same parts, up to its failure, wherever the stream is split', async (t) => {
  const plain = [...recordedCases, ...furtherCases].filter(({ response }) => !response.headers?.['content-encoding'])
  for (const { name, provider, response } of plain) {
    const bytes = Buffer.concat(response.writes.flatMap((write) => toBytes(write) ?? []))
    if (bytes.length > MAX_BYTES) continue
    const whole = readStream(provider, [bytes])
    const singles = Array.from(bytes, (byte) => Uint8Array.of(byte))
    t.equal(readStream(provider, singles), whole, `${name}, byte by byte`)
    const step = recordedCases.some((streamCase) => streamCase.name === name) ? 1 : STEP
    for (let index = 1; index < bytes.length; index += step) {
      const halves = [bytes.subarray(0, index), bytes.subarray(index)]
      if (readStream(provider, halves) !== whole) t.fail(`${name}, in two at ${index}`)
    }
  }
})

const readTags = (parts: string[]): string => {
  const tags = createThinkTagParser()
  const streamParts = parts.flatMap((part) => tags.push(part))
  return JSON.stringify(summarizeStreamParts([...streamParts, ...tags.end()]))
}

const UNITS = [
  ...['`', '``', '```', '~~~', '\n', '\n\n', '\r\n', ' ', 'a', '\\', '<', '- ', '> ', '1. ', '# ', '    '],
  ...['<think>', '</think>', '<think >', '</think\t>', '<think ', '<thinking>', '</thinking>', '[THINK]', '◁/think▷'],
]

t.test('[ANSWER13] tags and Markdown in any order are read in the same way wherever they are split', async (t) => {
  const random = createSeededRandom(2_711)
  const different: string[][] = []
  for (let round = 0; round < 2_000; round++) {
    const text = Array.from({ length: 1 + random.below(14) }, () => random.pick(UNITS)).join('')
    const parts: string[] = []
    for (let start = 0; start < text.length; ) {
      const end = start + 1 + random.below(4)
      parts.push(text.slice(start, end))
      start = end
    }
    if (new Set([[text], parts, [...text]].map(readTags)).size > 1) different.push(parts)
  }
  t.same(different.slice(0, 3), [])
})

const SHORT_CHARACTERS = 100 * 1024
const LONG_CHARACTERS = 4 * SHORT_CHARACTERS
/** Four times the text may take this many times as long: 4 is linear, 16 is quadratic. */
const MAX_RATIO = 9
/** A shorter time can't be distinguished from a garbage collection, so it counts as linear. */
const MIN_MEASURED_MS = 40

/** Reads the text in parts of this size three times, and returns the shortest processor time of this thread. */
function measureMs(text: string, size: number): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage()
    const tags = createThinkTagParser()
    for (let start = 0; start < text.length; start += size) tags.push(text.slice(start, start + size))
    tags.end()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}

t.test('[ANSWER13] [LINEAR1] a text is read in linear time, as a whole and in pieces', async (t) => {
  const units = [
    ...UNITS,
    ...['` ', '`\n', '<think>x', 'x<think>y', '[THINK]</think>', '`a``b```', '\n>', '\n```', '\n    ', '◁'],
  ]
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(LONG_CHARACTERS / unit.length))
    for (const size of [text.length, 16]) {
      const longMs = measureMs(text, size)
      const isLinear = longMs < MIN_MEASURED_MS || longMs / measureMs(text.slice(0, SHORT_CHARACTERS), size) < MAX_RATIO
      t.ok(isLinear, `${JSON.stringify(unit)} in pieces of ${size}`)
    }
  }
})

const QUOTED_TAGS: Array<[answer: string, why: string]> = [
  ['`</think>` ends the thinking.', 'a span at the beginning'],
  ['It writes ``a ` </think>`` there.', 'a span with a backtick in it'],
  ['> ```html\n> </think>\n> ```\nSo it ends.', 'a fence in a quotation'],
  ['1. Look:\n   ~~~\n   <think>x</think>\n   ~~~', 'a fence in a list'],
  ['````md\n```\n</think>\n```\n````', 'a fence in a fence'],
  ['Write \\</think> to end it.', 'an escape'],
  ['Use <thin> or <thinker>.', 'other tags'],
  ['It ends so:\n\n    </think>\n\nand no more.', 'indented code'],
  ['It ends so:\n\n\t</think>', 'code that a tab indents'],
  ['It ends so:\n\n    run <think> a\n\n    </think> b\nand no more.', 'code with a blank line in it'],
  ['# Tags\n    </think>', 'code below a heading'],
  ['- Look:\n\n      </think>\n- and so on', 'indented code in a list'],
  ['1. a\n   - b\n\n         <think>x\n', 'indented code in a list in a list'],
  ['-     </think>', 'code that begins in the line of its mark'],
  ['> It ends so:\n>\n>     </think>\n', 'indented code in a quotation'],
  ['Look:\n\n  - a\n\n        </think>\r\n\r\nEnd.', 'indented code in a list that is indented itself'],
  ['First.\n<think>Then isolate it.\n\nThat is all.', 'a tag that nothing closes'],
  ['First.\n  <think >Then isolate it.', 'the same, with blanks'],
]

/** Lists texts in which the tags count although blanks are before them or in them, because they are not in code. */
const NO_CODE: Array<[answer: string, text: string, reasoning: string]> = [
  ['Hm.\n    </think>So.', 'So.', 'Hm.\n    '],
  ['- Hm.\n\n    </think>So.', 'So.', '- Hm.\n\n    '],
  ['1. Hm.\n\n   Well.\n    </think>So.', 'So.', '1. Hm.\n\n   Well.\n    '],
  ['> Hm.\n\n   </think>So.', 'So.', '> Hm.\n\n   '],
  ['First.\n<think >Hm.</think\t>\nThen.', 'First.\nThen.', 'Hm.'],
  ['<THINK  >Hm.</Think >So.', 'So.', 'Hm.'],
  ['First.\n<think>Hm.</think>\n<think>Then this', 'First.\n', 'Hm.Then this'],
]

t.test('[ANSWER13] an answer that quotes the tag in code stays as it was written', async (t) => {
  for (const [answer, why] of QUOTED_TAGS) {
    for (let index = 0; index <= answer.length; index += 1) {
      const { text } = JSON.parse(readTags([answer.slice(0, index), answer.slice(index)]))
      if (text !== answer) t.equal(text, answer, `${why}, in two at ${index}`)
    }
    t.equal(JSON.parse(readTags([...answer])).text, answer, why)
  }
  for (const [answer, text, reasoning] of NO_CODE) {
    for (let index = 0; index <= answer.length; index += 1) {
      t.equal(
        readTags([answer.slice(0, index), answer.slice(index)]),
        JSON.stringify({ text, reasoning }),
        `in two at ${index}`,
      )
    }
  }
  t.equal(
    readTags(['```\nopen\n```\nHm.</think>So.']),
    JSON.stringify({ text: 'So.', reasoning: '```\nopen\n```\nHm.' }),
  )
  t.equal(readTags(['First.\n<think>Hm.</think>\nThen.']), JSON.stringify({ text: 'First.\nThen.', reasoning: 'Hm.' }))
})
