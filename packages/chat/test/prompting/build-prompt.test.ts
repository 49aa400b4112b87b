import { buildPrompt } from '@engineer-chat/chat/prompting'
import t from 'tap'
import { contextWith, MODEL, SETTINGS } from './prompt-context.ts'

type Fields = Parameters<typeof contextWith>[0]

const turnsOf = (fields: Fields) => buildPrompt(contextWith(fields), MODEL, SETTINGS).turns
const system = (fields?: Fields) => turnsOf(fields)[0]?.content ?? ''

t.test('[PROMPT1] the model is told the event’s facts, the latest summary and its suggestion', async (t) => {
  const text = system()
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
  t.match(system({ summary: null }), 'There is no summary yet.')
})

t.test('[PROMPT1] it is told whether the summary changed since the session’s last question', async (t) => {
  t.notMatch(system(), 'summary has changed')
  t.match(system({ summary_updated: true }), 'The summary has changed since the previous question')
  t.match(system({ summary_updated: true, question: '现在呢？' }), '总结已更新')
})

t.test(
  '[PROMPT2] the session’s turns are real chat turns, and the question stands once, at the end, without its @AI',
  async (t) => {
    const turns = turnsOf({
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
  '[PROMPT2] only a whole @AI at the beginning is taken off, in any case; a bare one asks where things stand',
  async (t) => {
    const asked = (question: string) => turnsOf({ question }).at(-1)?.content
    t.equal(asked('@Ai请隔离'), '请隔离')
    t.equal(asked('@AI：\n请隔离'), '请隔离')
    t.equal(asked('@AIM is a host'), '@AIM is a host')
    t.equal(asked('tell @AI this'), 'tell @AI this')
    t.equal(asked('@AI'), 'Where do we stand?')
  },
)

t.test('[PROMPT4] the task is told in the question’s language', async (t) => {
  t.match(system(), /^You are the assistant/)
  t.match(system({ question: '@AI 先隔离什么？' }), /^你是安全事件作战室中的助手/)
})

t.test('[PROMPT5] each answer’s prompt has a version', async (t) => {
  const version = (question: string) => buildPrompt(contextWith({ question }), MODEL, SETTINGS).prompt_version
  t.match(version('What now?'), /^answer\/\d+$/)
  t.match(version('@AI /handover'), /^handover\/\d+$/)
  t.match(version('/总结'), /^summary\/\d+$/)
})
