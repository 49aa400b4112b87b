import { buildPrompt } from '@engineer-chat/chat/prompting'
import { findSuperLinear } from '@engineer-chat/chat/testing'
import t from 'tap'
import { markUncitedLines } from '../../src/prompting/output/uncited-lines.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const review = (question: string, text: string) =>
  buildPrompt(createContext({ question }), MODEL, SETTINGS).review(text)

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

t.test('[CMD7] a mark within code is not a citation, and the mark is in the reader’s language', async (t) => {
  t.equal(review('/复盘', '- 已封禁 `[ev1]`\n- 未知').content, '- 已封禁 `[ev1]` [无来源]\n- 未知')
})

t.test('[CMD7] other answers keep their lines', async (t) => {
  for (const question of ['And now?', '/summary', '/handover']) t.equal(review(question, '- One').content, '- One')
})

t.test('[CMD7] marking takes linear time', async (t) => {
  t.same(
    findSuperLinear((text) => markUncitedLines(text, 'en')),
    [],
  )
  t.same(
    findSuperLinear((text) => markUncitedLines(`a:${text}b`, 'en')),
    [],
    'also of the text after a colon',
  )
})
