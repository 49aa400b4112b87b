import { createTokenCalibration, estimateTokens } from '@engineer-chat/chat/models'
import { buildPrompt, listSources } from '@engineer-chat/chat/prompting'
import type { RoomMessage } from '@engineer-chat/chat/shared'
import t from 'tap'
import { cutMiddle } from '../../src/prompting/cut-middle.ts'
import { FENCE_TOKENS } from '../../src/prompting/fit-prompt.ts'
import { createRoomSources } from '../../testing/create-room-sources.ts'
import { createSeededRandom, type SeededRandom } from '../../testing/seeded-random.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const ALPHABETS = [
  'abcdefg hijkl mnop',
  '隔离主机并重置账号，检查日志。',
  '0123456789abcdef',
  'ABC-xyz_/.:=&?',
  '🧯🔥é ñ ж か',
]

function createProse(random: SeededRandom, maxLength: number): string {
  const alphabet = [...random.pick(ALPHABETS)]
  return Array.from({ length: random.below(maxLength) }, () => random.pick(alphabet)).join('')
}

const CREATED_AT = '2026-01-31T13:00:00.000Z'

/** Each text begins with its kind and its number. Some messages are answers. */
function createMessages(random: SeededRandom, kind: string): RoomMessage[] {
  return Array.from({ length: random.below(20) }, (_, index) => ({
    message_id: `m-${kind}-${index}`,
    position: index + 1,
    author: 'bob',
    content: `${kind}${index} ${createProse(random, 4_000)}`,
    created_at: CREATED_AT,
    ...(random.below(4) === 0 && { question: { author: 'eve', content: createProse(random, 500), position: index } }),
  }))
}

function createRandomContext(random: SeededRandom) {
  const turnCount = random.below(12)
  return createContext({
    event: { message: createProse(random, 30_000), context: createProse(random, 8_000) },
    summary: { event_summary: createProse(random, 12_000), event_suggestion: createProse(random, 2_000) },
    history: Array.from({ length: turnCount }, (_, index) => ({
      question: `Q${index} ${createProse(random, 1_500)}`,
      answer: `A${index} ${createProse(random, 5_000)}`,
    })),
    question: `last ${createProse(random, 3_000)}`,
    ...(random.next() > 0.5 && {
      room: createRoomSources({
        pins: createMessages(random, 'PIN'),
        messages: createMessages(random, 'MSG'),
        changes: Array.from({ length: random.below(20) }, (_, index) => ({
          seq: index + 1,
          changed: { change: `CHG${index}`, text: createProse(random, 200) },
          created_at: CREATED_AT,
        })),
      }),
    }),
  })
}

t.test(
  '[CTX1] a prompt is never over its limit of tokens, whatever its sources are, and contains the question',
  async (t) => {
    const random = createSeededRandom(42)
    for (let times = 0; times < 120; times++) {
      const context = createRandomContext(random)
      const window = random.pick([6_000, 8_192, 16_384, 32_768, 128_000])
      const prompt = buildPrompt(context, { ...MODEL, context_window: window, max_tokens: 1_024 }, SETTINGS)
      const tokens = prompt.turns.reduce((sum, { content }) => sum + estimateTokens(content), 0)
      if (tokens > prompt.maxTokens || prompt.tokens > prompt.maxTokens)
        t.fail('over', { tokens, maxTokens: prompt.maxTokens })
      if (!prompt.turns.at(-1)?.content.startsWith('last')) t.fail('the question is lost')
      const questions = prompt.turns.slice(1, -1).filter(({ role }) => role === 'user')
      const answers = prompt.turns.slice(1).filter(({ role }) => role === 'assistant')
      const numbers = questions.map(({ content }) => Number(/^Q(\d+)/.exec(content)?.[1]))
      const newest = context.history.map((_, index) => index).slice(context.history.length - numbers.length)
      t.same(numbers, newest, 'the newest turns, without a gap')
      t.same(
        answers.map(({ content }) => content),
        newest.map((index) => context.history[index]?.answer.replace(/\ufe0f/g, '')),
        'each whole',
      )
    }
  },
)

/** Lists kinds of sources with the words by which a prompt counts those that it leaves out. */
const COUNTED_KINDS = [
  ['pin', 'pinned messages'],
  ['message', 'messages'],
  ['change', 'changes of the event'],
] as const

t.test(
  '[CTX8] of pins, messages and changes the newest whole ones are included, and the number of the others is stated',
  async (t) => {
    const random = createSeededRandom(43)
    let leftOutTimes = 0
    for (let times = 0; times < 60; times++) {
      const context = { ...createRandomContext(random), question: 'And now?' }
      const window = random.pick([6_000, 8_192, 16_384, 32_768])
      const prompt = buildPrompt(context, { ...MODEL, context_window: window, max_tokens: 1_024 }, SETTINGS)
      const system = prompt.turns[0]?.content ?? ''
      for (const [kind, words] of COUNTED_KINDS) {
        const sources = listSources(context).filter((source) => source.kind === kind)
        const included = new Set(prompt.sources.filter((source) => source.kind === kind).map(({ id }) => id))
        const oldestIncluded = sources.find(({ id }) => included.has(id))
        const newer = oldestIncluded ? sources.slice(sources.indexOf(oldestIncluded)) : []
        const leftOut = newer.find(
          ({ id, text }) =>
            !included.has(id) && estimateTokens(text) + 64 <= estimateTokens(oldestIncluded?.text ?? ''),
        )
        if (leftOut) t.fail('a newer and shorter one is left out', { kind, id: leftOut.id })
        for (const { id, label, text } of sources) {
          const isInPrompt = system.includes(` ${id} ${label}\n`)
          if (isInPrompt !== included.has(id)) t.fail('the list of sources differs from the prompt', { id })
          if (isInPrompt && text.length < 400 && !system.includes(text)) t.fail('a short one is cut', { id })
        }
        const count = Number(new RegExp(`(\\d+) ${words}[,.]`).exec(system.slice(0, 6_000))?.[1] ?? 0)
        if (count !== sources.length - included.size)
          t.fail('it counts wrongly', { kind, count, included: included.size })
        if (count > 0) leftOutTimes++
      }
    }
    t.ok(leftOutTimes > 30, `something was left out ${leftOutTimes} times`)
  },
)

t.test('[CTX1] everything is included where it fits', async (t) => {
  const context = createContext({ history: [{ question: 'Q', answer: 'A' }] })
  const { turns, tokens, maxTokens } = buildPrompt(context, MODEL, SETTINGS)
  t.equal(turns.length, 4)
  t.ok(tokens < maxTokens)
  t.notMatch(turns[0]?.content, 'left out')
})

t.test('[CTX8] a question’s room has its own limit; a command takes what fits', async (t) => {
  const messages = Array.from({ length: 100 }, (_, index) => ({
    message_id: `m${index}`,
    position: index + 1,
    author: 'bob',
    created_at: CREATED_AT,
    content: `${index} ${'word '.repeat(80)}`,
  }))
  const room = createRoomSources({ messages })
  const settings = { ...SETTINGS, roomTokens: 1_000 }
  const countMessages = (question: string, roomTokens = 1_000) => {
    const { sources } = buildPrompt(createContext({ room, question }), MODEL, { ...settings, roomTokens })
    return sources.filter(({ kind }) => kind === 'message').length
  }
  const included = countMessages('And now?')
  const messageTokens = estimateTokens(messages[0]?.content ?? '') + FENCE_TOKENS
  const fitting = Math.floor(1_000 / messageTokens)
  t.ok(included >= 1 && included <= fitting && included >= fitting - 1, `${included} are included`)
  t.ok(countMessages('And now?', 2_000) > included)
  t.equal(countMessages('/summary'), 100)
})

t.test('[CTX2] a text that is too long is cut in the middle, with a note of how much is missing', async (t) => {
  const message = `BEGIN ${'log line after log line '.repeat(4_000)} END`
  const smallModel = { ...MODEL, context_window: 8_192, max_tokens: 1_024 }
  const system = buildPrompt(createContext({ event: { message } }), smallModel, SETTINGS).turns[0]?.content ?? ''
  t.match(system, /ev2 description\nBEGIN log[\s\S]+\[… (\d+) characters are left out here …\][\s\S]+ END\n/)
  t.match(system, 'sum1 summary', 'and what is short stays whole')
  t.match(
    buildPrompt(createContext({ event: { message }, question: '现在？' }), smallModel, SETTINGS).turns[0]?.content,
    /此处省略 \d+ 个字符/,
  )
})

t.test('[CTX2] no placeholder and no character is cut in two', async (t) => {
  const createNote = (characters: number) => `[${characters}]`
  for (const placeholder of ['[[KEY-1]]', '[[PASSWORD-10000]]']) {
    for (let maxTokens = 5; maxTokens < 120; maxTokens++) {
      const cut = cutMiddle({ text: `🧯${placeholder}x`.repeat(40) }, maxTokens, createNote)
      t.ok(estimateTokens(cut) <= maxTokens)
      t.ok(cut.isWellFormed())
      t.equal(cut.split('[[').length, cut.split(placeholder).length)
    }
  }
  t.equal(cutMiddle({ text: 'short' }, 100, createNote), 'short')
})

t.test('[CTX3] an estimate adds up, and is on the safe side of what tokenizers count', async (t) => {
  // cl100k_base counts these numbers of tokens; o200k_base and Qwen's tokenizer count about the same or fewer.
  for (const [text, countedTokens] of [
    ['The quick brown fox jumps over the lazy dog.', 10],
    ['Isolate FIN-WS-042 from the network before you reset the account of m.chen.', 21],
    ['隔离主机并重置账号。', 12],
    ['203.0.113.77:443', 9],
  ] as const) {
    t.ok(estimateTokens(text) >= countedTokens, text)
    t.ok(estimateTokens(text) <= countedTokens * 2.5, text)
  }
  const random = createSeededRandom(5)
  for (let times = 0; times < 50; times++) {
    const [start, end] = [createProse(random, 300), createProse(random, 300)]
    t.ok(estimateTokens(start + end) >= estimateTokens(start))
    t.ok(estimateTokens(start + end) <= estimateTokens(start) + estimateTokens(end))
  }
})

t.test('[CTX4] the tokens that a provider counts correct the next estimate for that model', async (t) => {
  const calibration = createTokenCalibration()
  const settings = { ...SETTINGS, calibration }
  const context = createContext({ event: { message: 'x'.repeat(5_000) } })
  const before = buildPrompt(context, MODEL, settings)
  before.recordUsage({ prompt_tokens: before.tokens * 2, completion_tokens: 1 })
  const after = buildPrompt(context, MODEL, settings)
  t.ok(Math.abs(after.maxTokens * 2 - before.maxTokens) < 4, 'immediately where it was too low')
  t.equal(buildPrompt(context, { ...MODEL, id: 'another' }, settings).maxTokens, before.maxTokens, 'that model alone')
  after.recordUsage({ prompt_tokens: Math.round(after.tokens * 0.7), completion_tokens: 1 })
  const later = buildPrompt(context, MODEL, settings)
  t.ok(later.maxTokens > after.maxTokens && later.maxTokens < before.maxTokens, 'slowly where it was too high')
  for (const prompt_tokens of [0, 5, 10_000_000])
    calibration.recordUsage('odd', 1_000, { prompt_tokens, completion_tokens: 0 })
  // The ratio of counted to estimated tokens is limited to 3, and the factor has a margin of 10 %.
  t.ok(calibration.getFactor('odd') <= 3.31, 'and odd counts do no harm')
})
