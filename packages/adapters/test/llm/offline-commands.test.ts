import { createOfflineAnalyst } from '@engineer-chat/adapters/llm'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { buildPrompt, CONTEXT_SOURCES } from '@engineer-chat/chat/prompting'
import type { RoomSources } from '@engineer-chat/chat/shared'
import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createRequest } from './llm-request.ts'

const at = '2026-11-22T10:00:00.000Z'
const material = createRoomSources({
  since: 3,
  summaries: [
    { version: '4', round_id: 2, event_summary: 'Contained.', event_suggestion: 'Rebuild it.', updated_at: at },
  ],
  changes: [{ seq: 5, changed: { severity: 'critical', context: null }, created_at: at }],
  messages: [
    { message_id: 'm-1', position: 6, author: 'bob', content: 'Isolated ![x](http://a.example) it.', created_at: at },
  ],
})

async function readAnswer(question: string, given: RoomSources | null, language: 'zh' | 'en' = 'en') {
  const ask = createRequest(question, given ? { room: given } : {}, language)
  let text = ''
  for await (const piece of createOfflineAnalyst({ paceMs: 0 }).stream(ask, new AbortController().signal)) {
    if (piece.type === 'text') text += piece.text
  }
  const model = { id: 'offline-analyst', provider: 'offline', context_window: null, max_tokens: null }
  const settings = {
    contextWindow: 8_192,
    answerTokens: 1_024,
    roomTokens: 8_192,
    isMailRedacted: true,
    calibration: createTokenCalibration(),
    sources: new Set(CONTEXT_SOURCES),
  }
  return buildPrompt(ask.context, model, settings).review(text)
}

t.test('[CMD5] the offline analyst answers each command, with citations', async (t) => {
  for (const [question, language, titles] of [
    ['@AI /summary', 'en', ['What happened', 'What is known', 'What is open']],
    ['/catchup', 'en', ['Latest summary', 'Changes of the event', 'Messages of people']],
    ['/handover', 'en', ['Situation', 'Done and in progress, as far as recorded', 'What to do next', 'Watch']],
    ['/交接', 'zh', ['现状', '已完成与进行中（按现有记录）', '下一步做什么', '需关注']],
  ] as const) {
    const { content, citations } = await readAnswer(question, material, language)
    const found = [...content.matchAll(/^### (.+)$/gm)].map(([, title]) => title)
    t.same(found.slice(0, titles.length), titles, question)
    t.ok(citations.length > 0 && citations.every(({ supported }) => supported), 'cites what there is')
    t.ok(citations.some(({ id }) => id === 'sum1'))
  }
  const { content, citations } = await readAnswer('/catchup', material)
  t.match(content, /2026-11-22 10:00 UTC \*\*bob\*\*: `Isolated .* it\.` \[msg1\]/)
  t.match(content, /severity: critical context was rewritten \[chg1\]/)
  t.match(citations, [{ id: 'sum1' }, { id: 'chg1' }, { id: 'msg1', message_id: 'm-1' }])
})

t.test('[CMD5] it states that nothing is new', async (t) => {
  const nothing = createRoomSources({ since: 9 })
  t.match((await readAnswer('/catchup', nothing)).content, 'Since you last read nothing was recorded')
  t.match((await readAnswer('/近况', nothing, 'zh')).content, '自您上次阅读以来没有新的记录')
})

t.test('[CMD5] its other answers cite what they rest on', async (t) => {
  const { citations } = await readAnswer('how did they get in? what was the initial access', null)
  t.ok(citations.length > 0 && citations.every(({ supported }) => supported))
})
