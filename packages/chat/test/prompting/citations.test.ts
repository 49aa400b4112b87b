import { buildPrompt } from '@engineer-chat/chat/prompting'
import { answerReply } from '@engineer-chat/chat/replying'
import { createFinish, createRoomSources, findSuperLinear } from '@engineer-chat/chat/testing'
import { createCitationPattern, removeCitationMarks } from '@engineer-chat/protocol'
import t from 'tap'
import { summarizeHistory } from '../../src/asking/carry-over-summary.ts'
import { startWorker } from '../replying/reply-harness.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const POST = {
  message_id: 'm-1',
  position: 5,
  author: 'bob',
  content: 'I isolated the host.',
  created_at: '2026-01-31T13:00:00.000Z',
}
const SUMMARY = {
  version: 'v1',
  round_id: 3,
  event_summary: 'Taken over.',
  event_suggestion: '',
  updated_at: POST.created_at,
}
const roomWithPost = createRoomSources({ messages: [POST] })
const review = (text: string, fields: Parameters<typeof createContext>[0] = {}) =>
  buildPrompt(createContext(fields), MODEL, SETTINGS).review(text)

t.test('[CITE1] each source of a prompt has an id', async (t) => {
  const change = { seq: 5, changed: { severity: 'critical' }, created_at: POST.created_at }
  const summaries = [SUMMARY, { ...SUMMARY, round_id: 4 }]
  const pin = { ...POST, message_id: 'm-2', author: 'agent expert' }
  const room = createRoomSources({ messages: [POST], changes: [change], summaries, pins: [pin] })
  const context = createContext({ room, question: '/summary', carried_over: 'Before.' })
  const system = buildPrompt(context, MODEL, SETTINGS).turns[0]
  for (const id of [
    'ev1 event',
    'ev2 description',
    'ev3 context',
    'sum1 summary',
    'sum2 summary',
    'chg1 change',
    'pin1 agent expert',
    'msg1 bob',
    'old1 earlier session',
  ]) {
    t.match(system?.content, new RegExp(`<<<DATA-\\w+ ${id}`))
  }
  t.match(system?.content, /\[ev2\] or \[sum1\]/, 'and the prompt asks for citations')
  const withoutDescription = buildPrompt(createContext({ event: { message: ' ' } }), MODEL, SETTINGS).turns[0]
  t.match(withoutDescription?.content, /<<<DATA-\w+ ev3 context/, 'a missing source shifts no number')
})

t.test('[CITE2] citations of sources that exist are kept, each once, with the labels of their sources', async (t) => {
  const { content, citations } = review('Forty logins [ev2]. Isolated [msg1]. Really [ev2, sum9].', {
    room: roomWithPost,
  })
  t.equal(content, 'Forty logins [ev2]. Isolated [msg1]. Really [ev2, sum9?].')
  t.same(citations, [
    { id: 'ev2', label: 'description', supported: true },
    { id: 'msg1', label: 'bob, 2026-01-31T13:00:00.000Z', message_id: 'm-1', supported: true },
    { id: 'sum9', label: '', supported: false },
  ])
})

t.test('[CITE2] groups, other brackets and other cases are read as models write them', async (t) => {
  for (const text of ['见【ev1】。', '见［ev1，sum1］', 'see [Ev1; EV2]', '[ev1、 ev2 ；sum1]', 'a[ev1][sum1]']) {
    const { content, citations } = review(text)
    t.equal(content, text)
    t.ok(citations.length > 0 && citations.every(({ supported }) => supported), text)
    t.ok(citations.every(({ id }) => id === id.toLowerCase()))
  }
  const { content, citations } = review('Both [EV9] and [Msg7]')
  t.same([content, citations], ['Both [EV9] and [Msg7]', []], 'an id in capitals that no source has is not a citation')
})

t.test('[CITE3] citations without a source are marked as unsupported, in the text and in the list', async (t) => {
  const { content, citations } = review('Closed [msg1] and [sum2]，见[ev1；chg4]。')
  t.equal(content, 'Closed [msg1?] and [sum2?]，见[ev1；chg4?]。')
  const expected = [
    ['msg1', false],
    ['sum2', false],
    ['ev1', true],
    ['chg4', false],
  ]
  const listSupport = (all: typeof citations) => all.map(({ id, supported }) => [id, supported])
  t.same(listSupport(citations), expected)
  const reviewedAgain = review(content)
  t.same(
    [reviewedAgain.content, listSupport(reviewedAgain.citations)],
    [content, expected],
    'a second review changes nothing',
  )
  t.same(review('Perhaps [ev1?].').citations, [], 'a mark that the model wrote with a question mark is not a citation')
})

t.test('[CITE3] a technical term in brackets is not a citation', async (t) => {
  const text =
    'The [C2] server, [S3] bucket, [M365] tenant, [E9], [H1], [E1, S1], [T1059], [EDR], [ev12345], [ev], [pins1], [message1].'
  const { content, citations } = review(text, { room: roomWithPost })
  t.same([content, citations], [text, []])
})

t.test('[CITE3] a source that didn’t fit the prompt can’t be cited', async (t) => {
  const messages = Array.from({ length: 40 }, (_, index) => ({
    ...POST,
    message_id: `m-${index}`,
    content: 'word '.repeat(300),
  }))
  const smallModel = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const context = createContext({ question: '/summary', room: createRoomSources({ messages }) })
  const { citations } = buildPrompt(context, smallModel, SETTINGS).review('Old [msg1], new [msg40].')
  t.match(citations, [
    { id: 'msg1', supported: false },
    { id: 'msg40', supported: true },
  ])
})

t.test('[CITE3] code and links are not citations', async (t) => {
  const text = 'Run `arr[ev9]`:\n```\nx[sum7]\n```\nand [ev8](#a), [EDR].'
  const { content, citations } = review(text)
  t.match(content, /arr\[ev9\]`:\n```\nx\[sum7\]\n```/)
  t.same(citations, [])
})

t.test('[CITE4] citations and the prompt’s version are stored with the answer', async (t) => {
  const worker = await startWorker([['Forty ', 'logins [ev', '2], closed [sum4].', createFinish()]])
  await answerReply(worker.ctx, worker.ref, new AbortController().signal)
  t.match(worker.getContent(), {
    content: 'Forty logins [ev2], closed [sum4?].',
    prompt_version: /^answer\/\d+$/,
    citations: [
      { id: 'ev2', label: 'description', supported: true },
      { id: 'sum4', supported: false },
    ],
  })
})

const createCitations = (...ids: string[]) => ids.map((id) => ({ id, label: '', supported: true }))

t.test(
  '[CITE5] earlier answers enter a prompt without their citations, also without those of older versions',
  async (t) => {
    for (const [answer, citations, expected] of [
      [
        'Forty [ev2]. Closed [sum9?], see [Ev1, msg1].',
        createCitations('ev2', 'sum9', 'ev1', 'msg1'),
        'Forty. Closed, see.',
      ],
      ['Seen 【ev1】and [EV4].', createCitations('ev1'), 'Seen and.'],
      ['Forty [E2], [E1；S9?] by [C2] in [M365].', createCitations('E2', 'E1', 'S9'), 'Forty, by [C2] in [M365].'],
      ['Both [ev1, C2].', [], 'Both [C2].'],
      ['The [M365] tenant.', undefined, 'The [M365] tenant.'],
      ['Run `a[ev1]`:\n```\nb[E2]\n```\n[ev1]', createCitations('ev1', 'E2'), 'Run `a[ev1]`:\n```\nb[E2]\n```\n'],
    ] as const) {
      const round = { question: 'Why?', answer, ...(citations && { citations: [...citations] }) }
      const { turns } = buildPrompt(createContext({ history: [round] }), MODEL, SETTINGS)
      t.equal(turns.find(({ role }) => role === 'assistant')?.content, expected)
      t.equal(
        summarizeHistory(createContext({ history: [round] })),
        `Q: Why?\nA: ${expected.trim()}`,
        'the carried-over summary has no marks either',
      )
    }
    const roundOfCitations = { question: 'Why?', answer: '[ev1]', citations: createCitations('ev1') }
    t.equal(
      buildPrompt(createContext({ history: [roundOfCitations] }), MODEL, SETTINGS).turns.length,
      2,
      'a round whose answer has no words is left out',
    )
  },
)

t.test('[CITE5] citations are read and removed in linear time', async (t) => {
  const marks = new RegExp(createCitationPattern('(?:ev|sum)\\d{1,3}\\??'), 'gi')
  t.same(
    findSuperLinear((text) => text.replace(marks, '')),
    [],
  )
  t.same(
    findSuperLinear((text) => removeCitationMarks(text, () => true)),
    [],
  )
})
