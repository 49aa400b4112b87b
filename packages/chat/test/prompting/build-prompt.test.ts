import { buildPrompt } from '@engineer-chat/chat/prompting'
import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

type Fields = Parameters<typeof createContext>[0]

const buildTurns = (fields: Fields) => buildPrompt(createContext(fields), MODEL, SETTINGS).turns
const readSystemPrompt = (fields?: Fields) => buildTurns(fields)[0]?.content ?? ''

t.test('[PROMPT1] the prompt contains the event’s facts, the latest summary and its suggestion', async (t) => {
  const text = readSystemPrompt()
  for (const fact of [
    'name: Strange logins',
    'Forty failed logins.\nThen one success.',
    'VPN gateway',
    'severity: high',
    'source: siem',
    'status: processing',
    'created_at: 2026-01-31T12:00:00.000Z',
    'sum1 summary, round 3, 2026-01-31T13:00:00.000Z\nAn account was taken over.',
    'suggestion: Reset it.',
  ]) {
    t.ok(text.includes(fact), fact)
  }
  t.match(readSystemPrompt({ summary: null }), 'There is no summary yet.')
})

t.test('[PROMPT1] the prompt says whether the summary changed since the session’s last question', async (t) => {
  t.notMatch(readSystemPrompt(), 'summary has changed')
  t.match(readSystemPrompt({ summary_updated: true }), 'The summary has changed since the previous question')
  t.match(readSystemPrompt({ summary_updated: true, question: '现在呢？' }), '总结已更新')
})

t.test(
  '[PROMPT2] the session’s rounds are real chat turns, and the question comes once, at the end, without its @AI',
  async (t) => {
    const turns = buildTurns({
      history: [
        { question: '@AI who?', answer: 'Mallory.' },
        { question: 'Why?', answer: 'Money.' },
      ],
      question: '@ai, what now?',
    })
    t.strictSame(turns.slice(1), [
      { role: 'user', content: 'who?' },
      { role: 'assistant', content: 'Mallory.' },
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'Money.' },
      { role: 'user', content: 'what now?' },
    ])
    t.equal(turns.filter(({ content }) => content.includes('what now?')).length, 1)
  },
)

t.test(
  '[PROMPT2] only a whole @AI at the beginning is removed, in any case; alone it becomes a question',
  async (t) => {
    const readQuestionTurn = (question: string) => buildTurns({ question }).at(-1)?.content
    t.equal(readQuestionTurn('@Ai请隔离'), '请隔离')
    t.equal(readQuestionTurn('@AI：\n请隔离'), '请隔离')
    t.equal(readQuestionTurn('@AIM is a host'), '@AIM is a host')
    t.equal(readQuestionTurn('tell @AI this'), 'tell @AI this')
    t.equal(readQuestionTurn('@AI'), 'Where do we stand?')
  },
)

t.test('[PROMPT2] a bare @AI asks in the language of the previous question, or else of the event’s name', async (t) => {
  const history = [{ question: '@AI 哪台主机被感染？', answer: 'web-3' }]
  t.equal(buildTurns({ question: '@AI', history }).at(-1)?.content, '目前情况如何？')
  const { event } = createContext()
  const chineseEvent = { ...event, event_name: '财务部主机感染勒索软件' }
  t.equal(buildTurns({ question: '@AI', event: chineseEvent }).at(-1)?.content, '目前情况如何？')
})

const QUOTE = {
  message_id: 'm7',
  author: 'agent expert',
  created_at: '2026-01-31T12:30:00.000Z',
  text: 'WS-7 beacons.',
}

t.test('[PROMPT6] a quote comes above its question in a fence with author and time, and can be cited', async (t) => {
  const context = createContext({
    quote: QUOTE,
    question: 'Since when?',
    history: [{ question: 'And this?', answer: 'Yes.', quote: { ...QUOTE, author: 'bob', text: 'DC-1 is up.' } }],
  })
  const { turns, review } = buildPrompt(context, MODEL, SETTINGS)
  const [, earlier, , last] = turns
  const [, token = ''] = /<<<(DATA-\w+) quo1 /.exec(last?.content ?? '') ?? []
  const createFence = (name: string, text: string) => `<<<${token} ${name}, ${QUOTE.created_at}\n${text}\n${token}>>>`
  t.equal(last?.content, `${createFence('quo1 quote: agent expert', 'WS-7 beacons.')}\n\nSince when?`)
  t.equal(earlier?.content, `${createFence('quote: bob', 'DC-1 is up.')}\n\nAnd this?`)
  t.notMatch(turns[0]?.content, 'WS-7 beacons.')
  const label = `agent expert, ${QUOTE.created_at}`
  t.same(review('Since noon [quo1].').citations, [{ id: 'quo1', label, message_id: 'm7', supported: true }])
})

t.test('[PROMPT6] secrets in quotes are hidden, in earlier rounds too', async (t) => {
  const [quotedText, earlierQuotedText] = ['password=Tr0ub4dor&3x', 'password=C0rrectH0rse!7']
  const history = [{ question: 'And?', answer: 'Yes.', quote: { ...QUOTE, text: earlierQuotedText } }]
  const { turns, redactions } = buildPrompt(
    createContext({ quote: { ...QUOTE, text: quotedText }, history }),
    MODEL,
    SETTINGS,
  )
  t.equal(redactions.length, 2)
  t.notMatch(JSON.stringify(turns), /Tr0ub4dor|C0rrectH0rse/)
})

t.test('[PROMPT6] a prompt with quotes is never over its limit of tokens, and the question is in it', async (t) => {
  const quote = { ...QUOTE, text: '长'.repeat(1_000) }
  const history = Array.from({ length: 6 }, () => ({ question: 'Q', answer: 'A '.repeat(200), quote }))
  for (const context_window of [3_000, 4_000, 8_192, 32_768]) {
    const target = { ...MODEL, context_window, max_tokens: 512 }
    const { turns, tokens, maxTokens } = buildPrompt(createContext({ quote, history }), target, SETTINGS)
    t.ok(tokens <= maxTokens, `${tokens} of ${maxTokens}`)
    t.match(turns.at(-1)?.content, /\n\nAnd now\?$/)
  }
})

t.test('[PROMPT6] the prompt of a command has posts without the texts that they quote', async (t) => {
  const messages = [
    { message_id: 'm1', position: 1, author: 'bob', content: 'I do that', created_at: QUOTE.created_at },
  ]
  const room = createRoomSources({ messages })
  t.match(buildTurns({ question: '/summary', room })[0]?.content, `bob, ${QUOTE.created_at}\nI do that\n`)
})

t.test('[PROMPT4] the task is in the question’s language', async (t) => {
  t.match(readSystemPrompt(), /^You are the assistant/)
  t.match(readSystemPrompt({ question: '@AI 先隔离什么？' }), /^你是安全事件作战室中的助手/)
})

t.test('[PROMPT5] each answer’s prompt has a version', async (t) => {
  const readPromptVersion = (question: string) =>
    buildPrompt(createContext({ question }), MODEL, SETTINGS).prompt_version
  t.match(readPromptVersion('What now?'), /^answer\/\d+$/)
  t.match(readPromptVersion('@AI /handover'), /^handover\/\d+$/)
  t.match(readPromptVersion('/总结'), /^summary\/\d+$/)
})
