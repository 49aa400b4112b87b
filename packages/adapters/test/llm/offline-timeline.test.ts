import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { composeAnswer, EVENT, readSection } from './llm-request.ts'

const event = { ...EVENT, message: 'Beacon seen since 09:12.', context: '' }
const createMessage = (message_id: string, created_at: string, content: string, author = 'alice') => ({
  message_id,
  created_at,
  content,
  author,
  position: 1,
})
const createSummary = (round_id: number, updated_at: string, event_summary: string) => ({
  version: `${round_id}`,
  round_id,
  event_summary,
  event_suggestion: 'Meet at 23:59.',
  updated_at,
})
const room = createRoomSources({
  summaries: [
    createSummary(1, '2026-11-22T09:00:00.000Z', 'The mail came on 2026-11-22T07:58:30Z. Beacon seen since 09:12.'),
    createSummary(2, '2026-11-22T11:00:00.000Z', 'Logon at 2026-11-22 17:30 +08:00. Packed at 10:33.'),
  ],
  changes: [{ seq: 5, changed: { severity: 'critical' }, created_at: '2026-11-22T10:30:00.000Z' }],
  pins: [createMessage('pinned', '2026-11-22T08:30:00.000Z', 'Beacon every 60 s.', 'agent expert')],
  messages: [createMessage('message', '2026-11-22T10:45:00.000Z', 'Isolating it.')],
})
/** Lists the rows of the table, such as `| 2026-11-22 08:15 | The event was opened. | [ev1] |`. */
const readRows = (text = '') => text.split('\n').filter((line) => line.startsWith('| 2026'))
const TITLE = 'Timeline, as far as recorded'

t.test(
  '[ANSWER25] a timeline has the recorded events and the times with a zone in texts, sorted by UTC, each line cited',
  (t) => {
    const rows = readRows(readSection(composeAnswer('give me a timeline', { event, summary: null, room }), TITLE))
    t.same(
      rows.map((row) => [
        row.slice('| 2026-11-22 '.length, '| 2026-11-22 08:15'.length),
        row.match(/\[(\w+)\] \|$/)?.[1],
      ]),
      [
        ...[
          ['07:58', 'sum1'],
          ['08:15', 'ev1'],
          ['08:30', 'pin1'],
          ['09:00', 'sum1'],
          ['09:30', 'sum2'],
        ],
        ...[
          ['10:30', 'chg1'],
          ['10:45', 'msg1'],
          ['11:00', 'sum2'],
        ],
      ],
    )
    t.match(readRows(composeAnswer('时间线是什么?', { event, summary: null, room }, 'zh')), { length: 8 })
    t.end()
  },
)

t.test('[ANSWER25] times without a zone stay as they are written, in the order of the texts, each once', (t) => {
  const answer = readSection(composeAnswer('give me a timeline', { event, summary: null, room }), TITLE)
  t.same(
    answer?.split('\n').filter((line) => line.startsWith('- ')),
    ['- Beacon seen since 09:12. [ev2, sum1]', '- Packed at 10:33. [sum2]'],
    'a suggestion is not an event',
  )
  t.end()
})

t.test(
  '[ANSWER25] the same text of several sources within one minute is one line, and a later one is another line',
  (t) => {
    const messages = [
      createMessage('at-10:00', '2026-11-22T10:00:00.000Z', 'Proxy is down'),
      createMessage('same-minute', '2026-11-22T10:00:20.000Z', 'proxy  is down'),
      createMessage('at-10:07', '2026-11-22T10:07:00.000Z', 'Proxy is down'),
    ]
    const rows = readRows(composeAnswer('timeline?', { event, summary: null, room: createRoomSources({ messages }) }))
    t.same(
      rows.map((row) => row.split(' | ').at(-1)),
      ['[ev1] |', '[msg1, msg2] |', '[msg3] |'],
    )
    t.end()
  },
)

t.test('[ANSWER25] a dated sentence of a document is in the timeline, and a runbook’s hours are not', (t) => {
  const document = { document_id: 'd', title: 'Notes', headings: [], anchor: '', tlp: 'amber' as const }
  const documents = [
    { ...document, text: 'Patched at 2026-11-20T12:00Z by ops.\n\nAsk the service desk from 08:00 on.' },
  ]
  const answer = composeAnswer('timeline?', { event, summary: null, documents })
  const section = readSection(answer, TITLE)
  t.match(readRows(section)[0], /^\| 2026-11-20 12:00 \| .*Patched.* \| \[doc1\] \|$/)
  t.notMatch(section, 'service desk')
  t.end()
})

t.test('[ANSWER25] daily events are not part of a timeline', (t) => {
  const context = 'FS-01 is backed up nightly at 01:00 UTC. 工作日 09:00–18:00 访问量最高。'
  t.notMatch(composeAnswer('timeline?', { event: { ...event, context }, summary: null }), '- FS-01')
  t.end()
})

t.test('[ANSWER25] a long room is answered with its newest entries, and the answer says how many are left out', (t) => {
  const messages = Array.from({ length: 12 }, (_, index) =>
    createMessage(`m${index}`, EVENT.created_at, `step ${index}`),
  )
  const answer = composeAnswer('timeline?', { event, summary: null, room: createRoomSources({ messages }) })
  t.match(answer, '2 earlier entries are not shown.')
  t.equal(readRows(answer).length, 1 + 10)
  const ten = createRoomSources({ messages: messages.slice(2) })
  t.notMatch(composeAnswer('timeline?', { event, summary: null, room: ten }), 'not shown')
  t.end()
})
