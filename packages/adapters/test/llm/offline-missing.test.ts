import { createRoomSources, createSeededRandom } from '@engineer-chat/chat/testing'
import t from 'tap'
import { composeAnswer, EVENT, readSection } from './llm-request.ts'

const readMissing = (...request: Parameters<typeof composeAnswer>) =>
  readSection(composeAnswer(...request), request[2] === 'zh' ? '还缺什么' : 'What is missing')?.split('\n') ?? []
const createMessage = (created_at: string, content: string) => ({
  message_id: content,
  created_at,
  content,
  author: 'alice',
  position: 1,
})
/** The latest summary is half an hour older. */
const LATER = '2026-11-22T09:30:00.000Z'
const EMPTY_RECORD = {
  event: { ...EVENT, event_name: 'Odd', message: 'Something is odd here.', context: '' },
  summary: null,
}

t.test(
  '[ANSWER26] for an empty record the answer names everything that is missing, in the language of the question',
  (t) => {
    t.same(readMissing('what now?', { ...EMPTY_RECORD, documents: [] }), [
      '- No summary yet: agents add one with each round.',
      '- No address, domain, hash or file to search for is named.',
      '- No affected host or internal address is named.',
      '- No line found says how it began.',
      '- Nothing says when things happened, apart from when the event was opened.',
      '- No runbook fits this question.',
    ])
    t.same(readMissing('现在怎么办？', { ...EMPTY_RECORD, documents: [] }, 'zh'), [
      '- 还没有总结：智能体会在每一轮写入总结。',
      '- 没有可供检索的地址、域名、哈希或文件。',
      '- 没有提到受影响的主机或内网地址。',
      '- 没有找到说明事件如何开始的内容。',
      '- 除事件创建时间外，没有说明各步骤发生的时间。',
      '- 没有适用于该问题的处置手册。',
    ])
    t.end()
  },
)

t.test('[ANSWER26] the answer names the values that no line records as contained, and not the others', (t) => {
  const missing = readMissing('what now?')
  t.match(
    missing.join('\n'),
    /- No line found says that anything was contained\. .*`FIN-WS-042`.*`203\.0\.113\.77`.*\[ev/,
  )
  const room = createRoomSources({
    messages: [createMessage(LATER, 'FIN-WS-042 is isolated. 203[.]0[.]113[.]77 should be blocked.')],
  })
  const stillMissing = readMissing('what now?', { room }).join('\n')
  t.match(
    stillMissing,
    /- No line found says that these were contained: .*`203\.0\.113\.77`/,
    'a planned action does not count as done',
  )
  t.notMatch(stillMissing, '`FIN-WS-042`')
  const chinese = createRoomSources({ messages: [createMessage(LATER, '已隔离 FIN-WS-042，尚未封禁 203.0.113.77')] })
  t.match(
    readMissing('现在怎么办？', { room: chinese }, 'zh').join('\n'),
    /没有找到遏制记录/,
    'a sentence with “not yet” does not count',
  )
  t.end()
})

/** Returns the values that the answer names as not contained, for a room with these lines. */
function listNotContained(lines: string[], language: 'en' | 'zh' = 'en'): string[] {
  const event = { ...EVENT, message: 'Beacons from web-03 and web-04 to 203.0.113.77.', context: '' }
  const messages = lines.map((line) => createMessage(LATER, line))
  const question = language === 'zh' ? '现在怎么办？' : 'what now?'
  const missing = readMissing(question, { event, summary: null, room: createRoomSources({ messages }) }, language)
  const line = missing.find((text) => /that (?:anything was|these were) contained|遏制/.test(text)) ?? ''
  return ['web-03', 'web-04', '203.0.113.77'].filter((value) => line.includes(`\`${value}\``))
}
const ALL_VALUES = ['web-03', 'web-04', '203.0.113.77']

const NO_CONTAINMENT = [
  'Was web-03 isolated?',
  'Was web-03 isolated? thanks',
  '@bob was web-03 isolated by your team',
  'Did we get 203.0.113.77 blocked?',
  'Has web-03 been isolated already',
  'We need to know whether web-03 is isolated.',
  'No host was isolated: web-03 and web-04 are as they were.',
  'None of them is isolated: web-03, web-04.',
  'Nobody has isolated web-03.',
  'web-03 was isolated at nine and released at ten.',
  'The account was disabled on web-03, then re-enabled.',
  'It failed: 203.0.113.77 blocked for one minute.',
  'We are unable to say that web-03 is isolated.',
  'All hosts are isolated except web-03 and web-04.',
  'Could you say that 203.0.113.77 was blocked\nas you were told?',
  '是否已隔离 web-03',
  '203.0.113.77 已封禁了吗？',
  '有没有已隔离 web-03 的记录',
  '没人说 web-03 已隔离',
  '无法确认 web-03 已隔离',
  'web-03 已隔离失败',
  'web-03 已隔离，后已解除',
  `Was web-03 isolated ${'or left as it was '.repeat(40)}?`,
]

t.test('[ANSWER26] a question or a denial does not count as a containment', (t) => {
  for (const line of NO_CONTAINMENT)
    t.same(listNotContained([line], /\p{Script=Han}/u.test(line) ? 'zh' : 'en'), ALL_VALUES, line.slice(0, 80))
  t.end()
})

t.test('[ANSWER26] a containment counts only for the values in the same clause', (t) => {
  for (const [line, notContained] of [
    ['web-03 was isolated but web-04 beacons', ['web-04', '203.0.113.77']],
    ['web-03 was isolated; web-04 beacons to 203.0.113.77', ['web-04', '203.0.113.77']],
    ['web-04 goes on, however 203.0.113.77 was blocked', ['web-03', 'web-04']],
    ['web-03 已隔离，但 web-04 在外联', ['web-04', '203.0.113.77']],
    ['web-03 已隔离，不过 web-04 在外联', ['web-04', '203.0.113.77']],
    ['web-03 was isolated and web-04 still beacons', ALL_VALUES],
  ] as const)
    t.same(listNotContained([line]), notContained, line)
  t.end()
})

t.test('[ANSWER26] values that a line records as contained are left out', (t) => {
  for (const [line, notContained] of [
    ['web-03 and web-04 were isolated at 09:12.', ['203.0.113.77']],
    ['Isolated web-03, blocked 203.0.113.77 on the proxy.', ['web-04']],
    ['web-03 was isolated after forty failed logins.', ['web-04', '203.0.113.77']],
    ['Has been isolated: web-03', ['web-04', '203.0.113.77']],
    ['https://proxy.example/log?id=7 says that 203.0.113.77 was blocked', ['web-03', 'web-04']],
    ['已隔离 web-03 和 web-04，已封禁 203.0.113.77', []],
  ] as const)
    t.same(listNotContained([line]), notContained, line)
  t.end()
})

t.test('[ANSWER26] what is contained is compared by whole names', (t) => {
  const event = {
    ...EVENT,
    message:
      'Logins of account svc-backup, account svc-backup2, CORP\\pc-7 and CORP\\pc-7$ on FIN-WS-04 and FIN-WS-042. Traffic to 203.0.113.1 and 203.0.113.12.',
    context: '',
  }
  for (const [line, contained, notContained] of [
    ['svc-backup2 was disabled', 'svc-backup2', 'svc-backup'],
    ['old-svc-backup was disabled', undefined, 'svc-backup'],
    ['svc-backup was disabled, says the team', 'svc-backup', 'svc-backup2'],
    ['已禁用svc-backup2，请知悉', undefined, 'svc-backup'],
    ['已禁用svc-backup2', 'svc-backup2', 'svc-backup'],
    ['CORP\\pc-7$ was disabled', 'CORP\\pc-7$', 'CORP\\pc-7'],
    ['CORP\\pc-7 was disabled', 'CORP\\pc-7', 'CORP\\pc-7$'],
    ['fin-ws-042 was isolated', 'FIN-WS-042', 'FIN-WS-04'],
    ['FIN-WS-042 was isolated', 'FIN-WS-042', 'FIN-WS-04'],
    ['203.0.113.12 was blocked', '203.0.113.12', '203.0.113.1'],
  ] as const) {
    const room = createRoomSources({ messages: [createMessage(LATER, line)] })
    const missing = readMissing('what now?', { event, summary: null, room }).join('\n')
    t.ok(missing.includes(`\`${notContained}\``), line)
    if (contained) t.notOk(missing.includes(`\`${contained}\``), line)
  }
  t.end()
})

t.test('[ANSWER26] many accounts with similar names are compared within 2 s', (t) => {
  const names = Array.from({ length: 60 }, (_, index) => `svc-${'a-'.repeat(2)}${'a'.repeat(20)}${index}`)
  const event = { ...EVENT, message: names.map((name) => `account ${name}`).join(', '), context: '' }
  const messages = Array.from({ length: 300 }, (_, index) => ({
    ...createMessage(LATER, `${`svc-${'a-'.repeat(2)}${'a'.repeat(29)} `.repeat(9)}disabled ${index}`),
    message_id: `m${index}`,
  }))
  const startedAtMs = performance.now()
  const missing = readMissing('what now?', { event, summary: null, room: createRoomSources({ messages }) })
  t.ok(performance.now() - startedAtMs < 2_000)
  t.match(missing.join('\n'), `\`${names[0]}\``)
  t.end()
})

t.test('[ANSWER26] a further question never shortens the list of values that are not contained', (t) => {
  const random = createSeededRandom(26)
  const choose = (texts: readonly string[]) => texts[random.below(texts.length)] ?? ''
  const chooseValue = () => choose(ALL_VALUES)
  const questions = [
    () => `${choose(['Was', 'is', '@bob has', 'So did we get'])} ${chooseValue()} ${choose(['isolated', 'blocked'])}?`,
    () => `${chooseValue()} ${choose(['isolated', 'was blocked', 'shut down'])}${choose(['?', ' ?', '?!', '？'])}`,
    () => `${choose(['是否', '请问'])}已${choose(['隔离', '封禁', '阻断'])} ${chooseValue()}${choose(['', '？'])}`,
    () => `${chooseValue()} 已${choose(['隔离', '封禁', '下线'])}${choose(['吗', '了吗？', '？', '没有'])}`,
  ]
  const statements = [
    () => `${chooseValue()} was isolated.`,
    () => `${chooseValue()} 已封禁`,
    () => 'The team is on it now.',
  ]
  const drawLines = (writers: ReadonlyArray<() => string>, endCount: number) =>
    Array.from({ length: random.below(endCount) }, () => writers[random.below(writers.length)]?.() ?? '')
  for (let round = 0; round < 200; round += 1) {
    const drawnStatements = drawLines(statements, 3)
    const drawnQuestions = drawLines(questions, 4)
    const notContained = listNotContained([...drawnStatements, ...drawnQuestions])
    for (const value of listNotContained(drawnStatements))
      t.ok(notContained.includes(value), `${value} after ${drawnQuestions.join(' | ')}`)
  }
  t.end()
})

t.test('[ANSWER26] the answer says how many entries are newer than the latest summary', (t) => {
  const messages = [createMessage('2026-11-22T08:59:00.000Z', 'before'), createMessage(LATER, 'after')]
  const [first] = readMissing('what now?', { room: createRoomSources({ messages }) })
  t.equal(first, '- The summary of round 2 does not know the newest entry of the room yet [msg2]')
  const roomWithTwo = createRoomSources({ messages: [...messages, createMessage(LATER, 'after that')] })
  t.match(readMissing('what now?', { room: roomWithTwo })[0], 'the 2 newest entries of the room yet [msg3, msg2]')
  t.notMatch(readMissing('what now?', { room: createRoomSources({ messages: messages.slice(0, 1) }) })[0], 'newest')
  t.end()
})

t.test(
  '[ANSWER26] the answer to a question about what is missing begins with it, and the answer to a question about runbooks with the runbooks',
  (t) => {
    const aboutMissing = composeAnswer('what is still missing?', EMPTY_RECORD)
    t.match(aboutMissing, /### What is missing[\s\S]*### The event/)
    t.equal(aboutMissing.split('### What is missing').length, 2, 'the section occurs once')
    t.match(
      readSection(composeAnswer('is there a runbook?', { ...EMPTY_RECORD, documents: [] }), 'Runbooks that fit'),
      'No runbook fits',
    )
    const answer = composeAnswer('有没有处置手册?', { ...EMPTY_RECORD, documents: [] }, 'zh')
    t.equal(answer.split('### ')[1], '适用的处置手册\n\n没有适用于该问题的处置手册。\n\n')
    t.equal(answer.split('没有适用于').length, 2, 'the sentence occurs once')
    const both = composeAnswer('is there a runbook to isolate it?', { ...EMPTY_RECORD, documents: [] })
    t.equal(both.split('No runbook fits').length, 2, 'the sentence occurs once')
    t.end()
  },
)
