import { readdirSync, readFileSync } from 'node:fs'
import { listSources } from '@engineer-chat/chat/prompting'
import type { ReplyContext } from '@engineer-chat/chat/shared'
import { createRoomSources, createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { MAX_ANSWER_BYTES, MAX_VALUE_BYTES } from '../../src/llm/offline/limits.ts'
import { cutText, quoteText, toCode } from '../../src/llm/offline/markdown.ts'
import { composeAnswer, EVENT, readSection } from './llm-request.ts'

const countBytes = (text: string) => Buffer.byteLength(text)

t.test(
  '[ANSWER27] a value of 2 KB is quoted as a whole, and only the beginning of a longer value, with a note',
  (t) => {
    const compose = (message: string) => composeAnswer('what now?', { event: { ...EVENT, message }, summary: null })
    const whole = 'word '.repeat(MAX_VALUE_BYTES / 5).padEnd(MAX_VALUE_BYTES, 'x')
    t.equal(countBytes(whole), MAX_VALUE_BYTES)
    t.match(readSection(compose(whole), 'The event'), `Reported: [ev2]\n\n> ${whole}\n`)
    const cut = readSection(compose(`${whole}y`), 'The event') ?? ''
    t.match(cut, /Reported \(the first 2 KB of 2\.0 KB\): \[ev2\]\n\n> (?:word )+…\n/)
    t.match(
      composeAnswer('怎么办？', { event: { ...EVENT, message: `${whole}y` }, summary: null }, 'zh'),
      '仅显示前 2 KB',
    )
    t.end()
  },
)

t.test('[ANSWER27] a value is cut at a line, a word or a character, never within a character', (t) => {
  t.match(cutText(`${'a'.repeat(1_900)}\n${'b'.repeat(1_000)}`), /^a+ …$/)
  t.match(cutText(`${'a '.repeat(1_000)}${'b'.repeat(1_000)}`), /^(?:a )+…$/)
  for (const character of ['安', '😀', 'é', '\u200b', 'a\u200b']) {
    for (let offset = 0; offset < 13; offset += 1) {
      const cut = cutText('x'.repeat(offset) + character.repeat(2_000))
      t.ok(
        cut.isWellFormed() && !cut.includes('\uFFFD') && countBytes(cut) <= MAX_VALUE_BYTES,
        `${offset} before ${character}`,
      )
      t.notMatch(cut, /⟨[^⟩]*$/, 'the mark of a hidden character is not cut')
    }
  }
  t.end()
})

t.test('[ANSWER27] a value within a line, such as a URL, has the same limit', (t) => {
  t.equal(toCode('x'.repeat(MAX_VALUE_BYTES)), `\`${'x'.repeat(MAX_VALUE_BYTES)}\``)
  t.match(toCode('x'.repeat(MAX_VALUE_BYTES + 1)), /^`x+ …`$/)
  t.ok(
    countBytes(quoteText('\u202e a'.repeat(2_000)).replaceAll(/[`>]/g, '')) <= MAX_VALUE_BYTES + 10,
    'the added marks count, too',
  )
  t.end()
})

t.test('[ANSWER27] an answer is never longer than 48 KB, and says where it ends', (t) => {
  const line = '遏制措施：隔离主机 FIN-WS-042，'.repeat(30)
  const messages = Array.from({ length: 60 }, (_, index) => ({
    message_id: `${index}`,
    position: index,
    author: '安'.repeat(600),
    content: `${index} ${line}`,
    created_at: '2026-11-22T08:30:00.000Z',
  }))
  const long = composeAnswer('/timeline', { room: createRoomSources({ messages }) })
  t.ok(countBytes(long) <= MAX_ANSWER_BYTES, `${countBytes(long)}`)
  t.match(long, /\n\n> The answer is cut here: it has reached its limit of 48 KB\.$/)
  const short = composeAnswer('/timeline', { room: createRoomSources({ messages: messages.slice(0, 10) }) })
  t.notMatch(short, 'The answer is cut here')
  t.end()
})

const QUESTIONS = [
  ...['what should we contain first?', '时间线是什么?', 'which IPs are involved?', 'summarize', '有没有处置手册?'],
  ...['what is missing?', 'how bad is it?', 'how did they get in?', '/timeline', '/postmortem', '/handover', 'and now'],
]

interface GoldenRoom {
  event: { event_name: string; message: string }
  messages: Array<{ from: string; text: string; pinned?: boolean }>
}

/** Reads the rooms of the golden set as contexts. */
function readGoldenContexts(): Array<Partial<ReplyContext>> {
  const folder = new URL('../../../proof/golden/rooms/', import.meta.url)
  return readdirSync(folder).map((name) => {
    const { event, messages }: GoldenRoom = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    const all = messages.map(({ from, text, pinned }, index) => ({
      message_id: `m${index}`,
      position: index + 1,
      author: from,
      content: text,
      isPinned: pinned === true,
      created_at: new Date(Date.parse(EVENT.created_at) + index * 60_000).toISOString(),
      rank: index + 1,
    }))
    const toMessages = (isPinned: boolean) =>
      all.filter((message) => message.isPinned === isPinned).map(({ isPinned: _, ...message }) => message)
    const room = createRoomSources({ pins: toMessages(true), messages: toMessages(false) })
    return { event: { ...EVENT, ...event, context: '' }, summary: null, room, documents: [] }
  })
}

const TEXT_PIECES = [
  ...['203.0.113.7', '10.0.0.1', 'hxxp://evil[.]example/x', 'FIN-WS-042', 'account svc-a1', 'CVE-2026-1111', '[ev9]'],
  ...[
    '[msg77, sum4]',
    '【doc8】',
    '2026-11-22T08:00:00Z',
    '08:14',
    'isolated',
    'phishing',
    '已隔离',
    '安全',
    '\u200b',
    '`',
  ],
  ...[
    '|',
    '\n',
    '\n\n',
    '# ',
    '> ',
    '- ',
    '. ',
    '。',
    ' ',
    'word',
    '![x](http://a.example)',
    '<b>',
    '\ud83d\ude00',
    '&lt;',
  ],
]

function generateContext(seed: number): Partial<ReplyContext> {
  const random = createSeededRandom(seed)
  const write = () => Array.from({ length: 1 + random.below(60) }, () => random.pick(TEXT_PIECES)).join('')
  const writeTime = () => new Date(Date.parse(EVENT.created_at) + random.below(1_000) * 60_000).toISOString()
  const list = <T>(create: (index: number) => T) => Array.from({ length: random.below(8) }, (_, index) => create(index))
  const createMessage = (index: number) => ({
    message_id: `${random.next()}`,
    position: index,
    author: write().slice(0, 40).toWellFormed(),
    content: write(),
    created_at: writeTime(),
    ...(random.below(2) === 0 && { rank: index + 1 }),
    ...(random.below(4) === 0 && { question: { author: 'eve', content: write(), position: index } }),
  })
  const summaries = list((index) => ({
    version: `${index}`,
    round_id: index,
    event_summary: write(),
    event_suggestion: write(),
    updated_at: writeTime(),
  }))
  const document = { document_id: 'd', title: write(), headings: [write()], anchor: '', tlp: 'amber' as const }
  return {
    event: { ...EVENT, event_name: write(), message: write(), context: write() },
    summary: summaries.at(-1) ?? null,
    room: createRoomSources({
      summaries,
      changes: list((seq) => ({ seq, changed: { severity: 'high' }, created_at: writeTime() })),
      pins: list(createMessage),
      messages: list(createMessage),
    }),
    documents: list(() => ({ ...document, text: write() })),
  }
}

/**
 * Lists the citations that the analyst wrote itself. Texts of others are in code, in a quote or without brackets.
 */
const listCited = (answer: string): string[] =>
  [
    ...answer
      .replaceAll(/^> .*$/gm, '')
      .replaceAll(/(`+)(?!`)[\s\S]*?(?<!`)\1(?!`)/g, '')
      .matchAll(/\[((?:[a-z]{2,3}\d+(?:, )?)+)\]/g),
  ].flatMap(([, ids = '']) => ids.split(', '))

t.test('[ANSWER27] no answer to generated or real text cites an unknown source or is too long', (t) => {
  const contexts = [...readGoldenContexts(), ...Array.from({ length: 60 }, (_, seed) => generateContext(seed))]
  let citedCount = 0
  for (const [index, context] of contexts.entries()) {
    for (const question of QUESTIONS) {
      const language = /\p{Script=Han}/u.test(question) ? 'zh' : 'en'
      const answer = composeAnswer(question, { summary: null, ...context }, language)
      const ids = new Set(
        listSources({ event: EVENT, summary: null, summary_updated: false, history: [], question, ...context }).map(
          ({ id }) => id,
        ),
      )
      const unknownIds = listCited(answer).filter((id) => !ids.has(id))
      citedCount += listCited(answer).length
      const isValid = unknownIds.length === 0 && countBytes(answer) <= MAX_ANSWER_BYTES && answer.isWellFormed()
      if (!isValid) return t.fail(`context ${index}, ${question}`, { unknownIds, answer })
      const title = answer.match(/^### (.+)$/m)?.[1] ?? ''
      if (/\p{Script=Han}/u.test(title) !== (language === 'zh')) return t.fail(`the title of ${question} is ${title}`)
    }
  }
  t.ok(citedCount > 5_000, `${citedCount} citations`)
  t.end()
})

/** A linear answer takes about 10 times as long, and a quadratic one 100 times. */
const MAX_RATIO = 12

t.test('[ANSWER27] for a record that is ten times longer, an answer takes about ten times longer', (t) => {
  const [context] = readGoldenContexts()
  const text = [...readGoldenContexts().flatMap(({ room }) => room?.messages ?? [])]
    .map(({ content }) => content)
    .join('\n')
  const createInput = (length: number): Partial<ReplyContext> => ({
    ...context,
    event: { ...EVENT, message: text.repeat(Math.ceil(length / text.length)).slice(0, length) },
  })
  const [small, large] = [createInput(20_000), createInput(200_000)]
  for (const question of ['which IPs are involved?', '/timeline', 'what should we contain first?']) {
    // The small input is answered ten times, so that both measurements take about the same time.
    const measure = (input: Partial<ReplyContext>) => {
      const before = process.threadCpuUsage()
      for (let round = 0; round < (input === small ? 10 : 1); round += 1) composeAnswer(question, input)
      const { user, system } = process.threadCpuUsage(before)
      return (user + system) / (input === small ? 10 : 1)
    }
    measure(small)
    // Other processes and the garbage collector disturb single runs, so the best of several counts.
    let [bestSmall, bestLarge, attempts] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0]
    do {
      bestSmall = Math.min(bestSmall, measure(small))
      bestLarge = Math.min(bestLarge, measure(large))
      attempts += 1
    } while (attempts < 4 || (attempts < 15 && bestLarge / bestSmall > MAX_RATIO))
    t.ok(bestLarge / bestSmall <= MAX_RATIO, `${question}: ${(bestLarge / bestSmall).toFixed(1)} times`)
  }
  t.end()
})
