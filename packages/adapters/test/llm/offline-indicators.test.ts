import type { RoomMessage } from '@engineer-chat/chat/shared'
import { createRoomSources } from '@engineer-chat/chat/testing'
import t from 'tap'
import { composeAnswer, EVENT, readSection } from './llm-request.ts'

const createMessage = (message_id: string, created_at: string, content: string): RoomMessage => ({
  message_id,
  created_at,
  content,
  position: 1,
  author: 'alice',
})

const event = { ...EVENT, event_name: 'Odd traffic', message: 'Beacon to 203.0.113.77 from FIN-WS-042.', context: '' }
const bare = { event, summary: null }
const readTable = (answer: string, title = 'Indicators in the record') =>
  readSection(answer, title)
    ?.split('\n')
    .filter((line) => line.startsWith('| ')) ?? []
const findRow = (answer: string, value: string) => readTable(answer).find((row) => row.includes(`\`${value}\``))

t.test(
  '[ANSWER24] defanged and live forms are one indicator, counted, with its first and last time and its sources',
  (t) => {
    const room = createRoomSources({
      pins: [createMessage('p', '2026-11-22T09:30:00.000Z', 'C2 is 203[.]0[.]113[.]77 and hxxp://evil[.]example/a')],
      messages: [
        createMessage('m1', '2026-11-22T08:50:00.000Z', '203.0.113.77, again 203.0.113.77, and http://evil.example/a'),
        createMessage('m2', '2026-11-23T00:10:00.000Z', 'EVIL.example resolves to 203.0.113(.)77'),
      ],
    })

    const answer = composeAnswer('list all IOCs', { ...bare, room })

    t.equal(
      findRow(answer, '203.0.113.77'),
      '| IPv4 address | `203.0.113.77` | 4 | 2026-11-22 08:15 – 2026-11-23 00:10 | [ev2, pin1, msg1, msg2] |',
    )
    t.equal(
      findRow(answer, 'http://evil.example/a'),
      '| URL | `http://evil.example/a` | 2 | 2026-11-22 08:50 – 09:30 | [pin1, msg1] |',
    )
    t.match(findRow(answer, 'evil.example'), /\| 3 \| .* \| \[pin1, msg1, msg2\] \|$/)
    t.equal(findRow(answer, 'FIN-WS-042'), '| Host | `FIN-WS-042` | 1 | 2026-11-22 08:15 | [ev2] |')
    t.end()
  },
)

t.test('[ANSWER24] indicators are sorted by kind, external ones first, then by the number of their sources', (t) => {
  const room = createRoomSources({
    messages: [
      createMessage('m1', EVENT.created_at, '10.1.1.1 and 198.51.100.9 on web-07, see bad.example and CVE-2026-1111'),
      createMessage('m2', EVENT.created_at, '10.1.1.1 and 198.51.100.9'),
    ],
  })
  const rows = readTable(composeAnswer('list all IOCs', { ...bare, room })).slice(1)
  t.same(
    rows.map((row) => row.split(' | ')[1]),
    [
      ...['`198.51.100.9`', '`203.0.113.77`', '`10.1.1.1` (internal)', '`bad.example`'],
      ...['`FIN-WS-042`', '`web-07`', '`CVE-2026-1111`'],
    ],
  )
  t.end()
})

t.test('[ANSWER24] a question about one kind is answered in one line, and lists only that kind', (t) => {
  const room = createRoomSources({ messages: [createMessage('m1', EVENT.created_at, '10.1.1.1 calls bad.example')] })
  const english = composeAnswer('which IPs are involved?', { ...bare, room })
  t.match(
    readSection(english, 'Indicators in the record'),
    /^\*\*external\*\*: `203\.0\.113\.77`; \*\*internal\*\*: `10\.1\.1\.1`\n/,
  )
  t.same(readTable(english).length, 3, 'a head and two addresses')
  const chinese = composeAnswer('涉及哪些IP？', { ...bare, room }, 'zh')
  t.match(readSection(chinese, '记录中的指标'), /^\*\*外部\*\*: `203\.0\.113\.77`; \*\*内部\*\*: `10\.1\.1\.1`\n/)
  t.match(composeAnswer('which hashes?', bare), 'The record names none of this kind (Hash).')
  t.match(composeAnswer('有哪些哈希？', bare, 'zh'), '记录中没有这一类指标（哈希）。')
  t.end()
})

t.test(
  '[ANSWER24] an answer of the AI is no occurrence, and a runbook adds no indicator that the record lacks',
  (t) => {
    const question = { author: 'bob', content: 'is 198.51.100.9 ours?', position: 1 }
    const aiAnswer = { ...createMessage('m1', EVENT.created_at, '203.0.113.77 and 198.51.100.200'), question }
    const document = { document_id: 'd', title: 'Beacons', headings: [], anchor: '', tlp: 'amber' as const }
    const documents = [{ ...document, text: 'As 203.0.113.77 in May. Not 192.0.2.1.' }]
    const answer = composeAnswer('list all IOCs', {
      ...bare,
      room: createRoomSources({ messages: [aiAnswer] }),
      documents,
    })
    t.match(findRow(answer, '203.0.113.77'), /\| 1 \| .* \| \[ev2\]; also in \[doc1\] \|$/)
    t.match(findRow(answer, '198.51.100.9'), '| [msg1] |')
    t.equal(findRow(answer, '198.51.100.200'), undefined)
    t.equal(findRow(answer, '192.0.2.1'), undefined)
    t.end()
  },
)

t.test('[ANSWER24] a quote in the question and its message count once', (t) => {
  const message = createMessage('m1', EVENT.created_at, 'see 198.51.100.9')
  const quote = { message_id: 'm1', author: 'alice', created_at: EVENT.created_at, text: 'see 198.51.100.9' }
  const answer = composeAnswer('list all IOCs', { ...bare, room: createRoomSources({ messages: [message] }), quote })
  t.match(findRow(answer, '198.51.100.9'), /\| 1 \| .* \| \[quo1\] \|$/)
  t.end()
})

t.test('[ANSWER24] an account is recognised by the word before it, and then also without that word', (t) => {
  const room = createRoomSources({
    messages: [
      createMessage('m1', EVENT.created_at, 'The service account svc-backup logged on. User: m.keller'),
      createMessage(
        'm2',
        EVENT.created_at,
        'SVC-BACKUP packed files; an account take-over, user-agent x, account e.g. one',
      ),
      createMessage('m3', EVENT.created_at, '账号 ops_admin 异常，xsvc-backup 与 svc-backup2 不是'),
    ],
  })
  const answer = composeAnswer('which accounts?', { ...bare, room })
  t.same(
    readTable(answer)
      .slice(1)
      .map((row) => row.split(' | ').slice(1).toSpliced(2, 1).join(' ')),
    ['`svc-backup` 2 [msg1, msg2] |', '`m.keller` 1 [msg1] |', '`ops_admin` 1 [msg3] |'],
  )
  t.end()
})

t.test('[ANSWER24] a cloud region is not a host', (t) => {
  const message = 'RunInstances in us-west-2 and ap-southeast-1 by us-web-2'
  const answer = composeAnswer('list all IOCs', { ...bare, event: { ...event, message } })
  t.same([findRow(answer, 'us-west-2'), findRow(answer, 'ap-southeast-1')], [undefined, undefined])
  t.ok(findRow(answer, 'us-web-2'))
  t.end()
})

t.test('[ANSWER24] a long list is cut, and the answer says how many are left out', (t) => {
  const message = Array.from({ length: 43 }, (_, index) => `198.51.100.${index}`).join(' ')
  const all = composeAnswer('list all IOCs', { ...bare, event: { ...event, message } })
  t.equal(readTable(all).length, 1 + 40)
  t.match(all, '3 more are not shown')
  const forty = composeAnswer('list all IOCs', {
    ...bare,
    event: { ...event, message: message.split(' ').slice(3).join(' ') },
  })
  t.equal(readTable(forty).length, 1 + 40)
  t.notMatch(forty, 'more are not shown')
  t.end()
})
