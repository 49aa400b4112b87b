import { createOfflineAnalyst } from '@engineer-chat/adapters/llm'
import { createTokenCalibration } from '@engineer-chat/chat/models'
import { buildPrompt, CONTEXT_SOURCE_KINDS } from '@engineer-chat/chat/prompting'
import type { RoomSources } from '@engineer-chat/chat/shared'
import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { createRequest } from './llm-request.ts'

const time = '2026-11-22T10:00:00.000Z'
const roomWithNews = createRoomSources({
  readPosition: 3,
  summaries: [
    { version: '4', round_id: 2, event_summary: 'Contained.', event_suggestion: 'Rebuild it.', updated_at: time },
  ],
  changes: [{ seq: 5, changed: { severity: 'critical', context: null }, created_at: time }],
  messages: [
    { message_id: 'm-1', position: 6, author: 'bob', content: 'Isolated ![x](http://a.example) it.', created_at: time },
  ],
})

async function readAnswer(question: string, room: RoomSources | null, language: 'zh' | 'en' = 'en') {
  const request = createRequest(question, room ? { room } : {}, language)
  let text = ''
  for await (const piece of createOfflineAnalyst({ paceMs: 0 }).stream(request, new AbortController().signal)) {
    if (piece.type === 'text') text += piece.text
  }
  const model = { id: 'offline-analyst', provider: 'offline', context_window: null, max_tokens: null }
  const settings = {
    contextWindow: 8_192,
    answerTokens: 1_024,
    roomTokens: 8_192,
    isMailRedacted: true,
    calibration: createTokenCalibration(),
    sourceKinds: new Set(CONTEXT_SOURCE_KINDS),
  }
  return buildPrompt(request.context, model, settings).review(text)
}

t.test('[CMD5] the offline analyst answers each command, with citations', async (t) => {
  for (const [question, language, titles] of [
    ['@AI /summary', 'en', ['What happened', 'What is known', 'What is open']],
    ['/catchup', 'en', ['Latest summary', 'Changes of the event', 'Messages of people']],
    ['/handover', 'en', ['Situation', 'Done and in progress, as far as recorded', 'What to do next', 'Watch']],
    ['/交接', 'zh', ['现状', '已完成与进行中（按现有记录）', '下一步做什么', '需关注']],
  ] as const) {
    const { content, citations } = await readAnswer(question, roomWithNews, language)
    const answerTitles = [...content.matchAll(/^### (.+)$/gm)].map(([, title]) => title)
    t.same(answerTitles.slice(0, titles.length), titles, question)
    t.ok(citations.length > 0 && citations.every(({ supported }) => supported), 'cites existing sources')
    t.ok(citations.some(({ id }) => id === 'sum1'))
  }
  const { content, citations } = await readAnswer('/catchup', roomWithNews)
  t.match(content, /2026-11-22 10:00 UTC \*\*bob\*\*: `Isolated .* it\.` \[msg1\]/)
  t.match(content, /severity: critical context was rewritten \[chg1\]/)
  t.match(citations, [{ id: 'sum1' }, { id: 'chg1' }, { id: 'msg1', message_id: 'm-1' }])
})

const POSTS = [
  ['bob', 'The proxy blocked the beacon in time.'],
  ['eve', 'We missed the first alert | nobody was on call.'],
  ['bob', "I'll rotate the keys of m.chen"],
  ['eve', '我来整理邮件日志'],
  ['eve', 'Lunch at noon?'],
].map(([author = '', content = ''], index) => ({
  message_id: `p-${index}`,
  position: 7 + index,
  author,
  content,
  created_at: `2026-11-22T1${index}:30:00.000Z`,
}))
const incidentRoom = createRoomSources({
  summaries: roomWithNews.summaries,
  changes: roomWithNews.changes,
  pins: [
    {
      ...POSTS[0],
      message_id: 'm-9',
      position: 4,
      author: 'agent expert',
      content: 'Beacon every 60 s.',
      created_at: '2026-11-22T09:45:00.000Z',
    },
  ],
  messages: POSTS,
})

t.test('[CMD8] /timeline lists the recorded events in UTC, sorted by time, each row with its source', async (t) => {
  const { content, citations } = await readAnswer('/timeline', incidentRoom)
  t.match(content, '### Timeline (UTC), as recorded\n\n| Time (UTC) | What happened | Source |\n|---|---|---|\n')
  const rows = content.split('\n').filter((line) => /^\| 2026/.test(line))
  t.same(
    rows.map((row) => row.slice(2, 18)),
    rows.map((row) => row.slice(2, 18)).toSorted(),
  )
  t.same(
    rows.map((row) => row.match(/\[(\w+)\] \|$/)?.[1]),
    ['ev1', 'pin1', 'sum1', 'chg1', 'msg1', 'msg2', 'msg3', 'msg4', 'msg5'],
  )
  t.match(content, /### Times in the texts, as they are written\n\n- .*2026-11-22 08:14.*\[ev2\]/)
  t.notMatch(content, '[no source]')
  t.ok(citations.length >= 9 && citations.every(({ supported }) => supported))
  t.match(
    (await readAnswer('/时间线', incidentRoom, 'zh')).content,
    /### 时间线（UTC，按现有记录）\n\n\| 时间（UTC） \|/,
  )
})

t.test('[CMD8] /timeline of a long room shows the newest rows, and says how many are left out', async (t) => {
  const messages = Array.from({ length: 70 }, (_, index) => ({
    ...POSTS[0],
    message_id: `l-${index}`,
    position: 20 + index,
    author: 'bob',
    content: `step ${index}`,
    created_at: time,
  }))
  const { content } = await readAnswer('/timeline', createRoomSources({ messages }))
  t.match(content, '10 earlier entries are not shown.')
  t.notMatch(content, 'step 9 ')
  t.match(content, 'step 69')
})

t.test('[CMD8] /postmortem composes each section from the record, with citations and owners', async (t) => {
  const { content, citations } = await readAnswer('/postmortem', incidentRoom)
  const parts = new Map(content.split('### ').map((part) => [part.slice(0, part.indexOf('\n')), part]))
  t.same([...parts.keys()].slice(1, 8), [
    'Summary',
    'Impact',
    'Timeline (UTC), as recorded',
    'Cause, as far as recorded',
    'What went well',
    'What went badly',
    'Actions',
  ])
  t.match(parts.get('Summary'), /Severity \*\*high\*\* .*\[ev1\][\s\S]*\[sum1\]\n\n> Contained/)
  t.match(parts.get('Impact'), /FIN-WS-042.*\[ev1, ev2/)
  t.match(parts.get('What went well'), /\*\*bob\*\*: The proxy blocked the beacon in time\. \[msg1\]/)
  t.match(parts.get('What went badly'), /\*\*eve\*\*: .*missed the first alert.* \[msg2\]/)
  t.match(parts.get('Actions'), /rotate the keys of m\.chen.* \| bob \| \[msg3\] \|/)
  t.match(parts.get('Actions'), '| 我来整理邮件日志 | eve | [msg4] |')
  t.match(parts.get('Actions'), /Isolate FIN-WS-042.* \| Not known \| \[sum1\] \|/)
  t.notMatch(content, '[no source]')
  t.ok(citations.every(({ supported }) => supported))
})

t.test('[CMD8] /postmortem says what is not known', async (t) => {
  const { content } = await readAnswer('/复盘', createRoomSources({}), 'zh')
  for (const title of ['做得好的', '做得不好的']) t.match(content, `### ${title}\n\n未知：`)
  t.notMatch(content, '[无来源]')
})

t.test('[CMD5] /catchup says if nothing is new', async (t) => {
  const roomWithoutNews = createRoomSources({ readPosition: 9 })
  t.match((await readAnswer('/catchup', roomWithoutNews)).content, 'Since you last read nothing was recorded')
  t.match((await readAnswer('/近况', roomWithoutNews, 'zh')).content, '自您上次阅读以来没有新的记录')
})

t.test('[CMD5] the other answers of the analyst cite their sources', async (t) => {
  const { citations } = await readAnswer('how did they get in? what was the initial access', null)
  t.ok(citations.length > 0 && citations.every(({ supported }) => supported))
})
