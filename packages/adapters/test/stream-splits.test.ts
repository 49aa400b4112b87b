import { readFileSync } from 'node:fs'
import { LlmError } from '@engineer-chat/chat/models'
import { createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createMessageStream } from '../src/llm/anthropic/message-stream.ts'
import { createCompletionStream } from '../src/llm/openai/completion-stream.ts'
import { createThinkTagParser, type TextPiece } from '../src/llm/think-tags.ts'
import { type StreamCase, toBytes } from './provider-streams/case.ts'
import { furtherCases } from './provider-streams/further-cases.ts'

const given: StreamCase[] = JSON.parse(readFileSync(new URL('./provider-streams/given.json', import.meta.url), 'utf8'))
const MAX_BYTES = 4_000
/** The given cases are split at each byte, the others at intervals. */
const STEP = 13

/** Returns what is left in the end, also of an answer that failed. */
function summarizePieces(pieces: TextPiece[]) {
  let [text, reasoning] = ['', '']
  for (const piece of pieces) {
    if (piece.type === 'reasoning') reasoning += piece.text
    else if (piece.type === 'text') text += piece.text
    else [text, reasoning] = ['', reasoning + text]
  }
  return { text, reasoning }
}

function readStream(provider: string, chunks: Uint8Array[]): string {
  const reader = provider === 'anthropic' ? createMessageStream('asked') : createCompletionStream('asked')
  const pieces: TextPiece[] = []
  try {
    for (const chunk of chunks) for (const piece of reader.push(chunk)) pieces.push(piece)
    for (const piece of reader.end()) pieces.push(piece)
    return JSON.stringify([summarizePieces(pieces), reader.finish()])
  } catch (error) {
    pieces.push(...reader.takeHeld())
    return JSON.stringify([
      summarizePieces(pieces),
      error instanceof LlmError ? `${error.code}: ${error.message}` : `${error}`,
    ])
  }
}

t.test('[LLM6] each case gives the same pieces, up to its failure, wherever the stream is split', async (t) => {
  const plain = [...given, ...furtherCases].filter(({ response }) => !response.headers?.['content-encoding'])
  for (const { name, provider, response } of plain) {
    const bytes = Buffer.concat(response.writes.flatMap((write) => toBytes(write) ?? []))
    if (bytes.length > MAX_BYTES) continue
    const whole = readStream(provider, [bytes])
    const singles = Array.from(bytes, (byte) => Uint8Array.of(byte))
    t.equal(readStream(provider, singles), whole, `${name}, byte by byte`)
    const step = given.some((one) => one.name === name) ? 1 : STEP
    for (let at = 1; at < bytes.length; at += step) {
      const halves = [bytes.subarray(0, at), bytes.subarray(at)]
      if (readStream(provider, halves) !== whole) t.fail(`${name}, in two at ${at}`)
    }
  }
})

const readTags = (parts: string[]): string => {
  const tags = createThinkTagParser()
  const pieces = parts.flatMap((part) => tags.push(part))
  return JSON.stringify(summarizePieces([...pieces, ...tags.end()]))
}

const UNITS = [
  ...['`', '``', '```', '~~~', '\n', '\n\n', '\r\n', ' ', 'a', '\\', '<', '- ', '> ', '1. ', '# ', '    '],
  ...['<think>', '</think>', '<think >', '</think\t>', '<think ', '<thinking>', '</thinking>', '[THINK]', '◁/think▷'],
]

t.test('[ANSWER13] tags and Markdown in any order mean the same wherever they are split', async (t) => {
  const random = createSeededRandom(2_711)
  const different: string[][] = []
  for (let times = 0; times < 2_000; times++) {
    const text = Array.from({ length: 1 + random.below(14) }, () => random.pick(UNITS)).join('')
    const parts: string[] = []
    for (let at = 0; at < text.length; ) {
      const end = at + 1 + random.below(4)
      parts.push(text.slice(at, end))
      at = end
    }
    if (new Set([[text], parts, [...text]].map(readTags)).size > 1) different.push(parts)
  }
  t.same(different.slice(0, 3), [])
})

const ONE = 100 * 1024
const FOUR = 4 * ONE
/**
 * Measures the growth for four times the text: 4 is linear, 16 is quadratic. A shorter time can't be told from a garbage
 * collection.
 */
const MAX_RATIO = 9
const FLOOR_MS = 40

/** Measures the processor time of this thread and takes the shortest of three. */
function measureMs(text: string, size: number): number {
  const times = Array.from({ length: 3 }, () => {
    const before = process.threadCpuUsage()
    const tags = createThinkTagParser()
    for (let at = 0; at < text.length; at += size) tags.push(text.slice(at, at + size))
    tags.end()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return Math.min(...times)
}

t.test('[ANSWER13] [LINEAR1] a text is read in linear time, at once and in pieces', async (t) => {
  const units = [
    ...UNITS,
    ...['` ', '`\n', '<think>x', 'x<think>y', '[THINK]</think>', '`a``b```', '\n>', '\n```', '\n    ', '◁'],
  ]
  for (const unit of units) {
    const text = unit.repeat(Math.ceil(FOUR / unit.length))
    for (const size of [text.length, 16]) {
      const four = measureMs(text, size)
      const isLinear = four < FLOOR_MS || four / measureMs(text.slice(0, ONE), size) < MAX_RATIO
      t.ok(isLinear, `${JSON.stringify(unit)} in pieces of ${size}`)
    }
  }
})

const kept: Array<[answer: string, why: string]> = [
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

/** Matches text behind blanks that is no code, because a paragraph or a list item goes on. */
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
  for (const [answer, why] of kept) {
    for (let at = 0; at <= answer.length; at += 1) {
      const { text } = JSON.parse(readTags([answer.slice(0, at), answer.slice(at)]))
      if (text !== answer) t.equal(text, answer, `${why}, in two at ${at}`)
    }
    t.equal(JSON.parse(readTags([...answer])).text, answer, why)
  }
  for (const [answer, text, reasoning] of NO_CODE) {
    for (let at = 0; at <= answer.length; at += 1) {
      t.equal(readTags([answer.slice(0, at), answer.slice(at)]), JSON.stringify({ text, reasoning }), `in two at ${at}`)
    }
  }
  t.equal(
    readTags(['```\nopen\n```\nHm.</think>So.']),
    JSON.stringify({ text: 'So.', reasoning: '```\nopen\n```\nHm.' }),
  )
  t.equal(readTags(['First.\n<think>Hm.</think>\nThen.']), JSON.stringify({ text: 'First.\nThen.', reasoning: 'Hm.' }))
})
