import { buildPrompt } from '@engineer-chat/chat/prompting'
import { findSuperLinear } from '@engineer-chat/chat/testing'
import t from 'tap'
import { markUncitedLines } from '../../src/prompting/output/uncited-lines.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const review = (question: string, text: string) =>
  buildPrompt(createContext({ question }), MODEL, SETTINGS).review(text)

const CITATIONS = [{ id: 'ev1', label: 'event', supported: true }]

t.test('[CMD7] a paragraph, an item and a row without a citation are marked', async (t) => {
  const { content, citations } = review(
    '/postmortem',
    [
      '### Impact',
      '',
      'One account. It was an',
      'administrator’s.',
      '',
      '- Taken over [ev2]',
      '- Mail was read',
      '  - by nobody [ev9]',
      '',
      '| Action | Owner | Source |',
      '|---|---|---|',
      '| Reset it | Bob | [sum1] |',
      '| Train people | Eve |  |',
    ].join('\n'),
  )
  t.equal(
    content,
    [
      '### Impact',
      '',
      'One account. It was an',
      'administrator’s. [no source]',
      '',
      '- Taken over [ev2]',
      '- Mail was read [no source]',
      '  - by nobody [ev9?]',
      '',
      '| Action | Owner | Source |',
      '|---|---|---|',
      '| Reset it | Bob | [sum1] |',
      '| Train people | Eve [no source] |  |',
    ].join('\n'),
  )
  t.equal(citations.length, 3)
  t.equal(review('/timeline', content).content, content, 'a marked line is not marked again')
})

t.test('[CMD7] a statement that something is not known needs no source', async (t) => {
  const text = [
    '**What went well**',
    '',
    '*Not known*: nobody wrote of it.',
    '',
    '- unknown',
    '',
    'These followed:',
    '',
    '> A quotation',
    '',
    '```sh',
    'rm x',
    '```',
    '',
    '---',
    '',
    '### Not known',
    '',
    '- The first host',
  ].join('\n')
  t.equal(review('/postmortem', text).content, text)
  t.equal(
    review('/postmortem', `${text}\n\n### Actions\n\n- One`).content,
    `${text}\n\n### Actions\n\n- One [no source]`,
  )
})

t.test('[CMD7] a statement about something unknown needs a source', async (t) => {
  for (const line of [
    'Unknown attackers stole 4 GB from FS-01.',
    'unknown.exe ran on DC-02.',
    'Unknown-origin mail came in.',
    '未知攻击者窃取了 4 GB。',
  ])
    t.equal(review('/postmortem', line).content, `${line} [no source]`)
  const section = '## Unknown actor: path of attack\n\nThe actor stole 4 GB.\n\n- He used DC-02.'
  t.equal(
    review('/postmortem', section).content,
    '## Unknown actor: path of attack\n\nThe actor stole 4 GB. [no source]\n\n- He used DC-02. [no source]',
  )
  for (const line of [
    'Not known. Ask Ada.',
    'Not known yet.',
    'Not known, the firewall logs would answer it.',
    'Not known (the firewall logs would answer it).',
    'Not known from the data.',
    'Unknown so far.',
    '未知，需要查看防火墙日志。',
    '未知（需查看 EDR 日志）',
    '**Not known** – ask Ada',
    '未知：日志不全',
    '未知。',
    '“Unknown”',
  ])
    t.equal(review('/postmortem', line).content, line)
})

t.test('[CMD7] a bold line of an item is the title of the blocks below it', async (t) => {
  t.equal(
    review('/postmortem', '1. **Impact**\n   - Two hosts fell\n   - One came back [ev1]').content,
    '1. **Impact**\n   - Two hosts fell [no source]\n   - One came back [ev1]',
  )
  const unknown = '- **Not known**\n  - who did it\n  - how they came in'
  t.equal(review('/postmortem', unknown).content, unknown)
})

t.test('[CMD7] a bold item needs a source, because only a bold paragraph is a title', async (t) => {
  t.equal(
    review('/postmortem', '**Impact**\n\n- **DC-02 was encrypted at 10:33**\n- **It came back** [ev1]').content,
    '**Impact**\n\n- **DC-02 was encrypted at 10:33** [no source]\n- **It came back** [ev1]',
  )
})

t.test('[CMD7] only a mark that is listed as a citation is one', async (t) => {
  const lines = [
    'DC-02 was encrypted at 10:33 [EV9].',
    'Ticket [CHG042] changed the rule.',
    'DC-02 fell at 10:33 [ev1?].',
    'It came back [EV1].',
    'Mail was read [ev9, EV9].',
  ]
  const { content, citations } = review('/postmortem', lines.join('\n\n'))
  t.equal(
    content,
    [
      'DC-02 was encrypted at 10:33 [EV9]. [no source]',
      'Ticket [CHG042] changed the rule. [no source]',
      'DC-02 fell at 10:33 [ev1?]. [no source]',
      'It came back [EV1].',
      'Mail was read [ev9?, EV9].',
    ].join('\n\n'),
  )
  t.match(citations, [
    { id: 'ev1', supported: true },
    { id: 'ev9', supported: false },
  ])
})

t.test('[CMD7] a mark within code is not a citation, and the mark is in the reader’s language', async (t) => {
  t.equal(review('/复盘', '- 已封禁 `[ev1]`\n- 未知').content, '- 已封禁 `[ev1]` [无来源]\n- 未知')
})

t.test('[CMD7] other answers keep their lines', async (t) => {
  for (const question of ['And now?', '/summary', '/handover']) t.equal(review(question, '- One').content, '- One')
})

t.test('[CMD7] marking takes linear time', async (t) => {
  t.same(
    findSuperLinear((text) => markUncitedLines(text, CITATIONS, 'en')),
    [],
  )
  t.same(
    findSuperLinear((text) => markUncitedLines(`a:${text}b`, CITATIONS, 'en')),
    [],
    'also of the text after a colon',
  )
})
