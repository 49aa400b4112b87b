import { brief, reply } from '@engineer-chat/chat'
import { finish } from '@engineer-chat/chat/testing'
import t from 'tap'
import { contextWith, MODEL, SETTINGS } from './briefing-context.ts'
import { aWorker } from './reply-harness.ts'

const POST = {
  message_id: 'm-1',
  position: 5,
  username: 'bob',
  content: 'I isolated the host.',
  created_at: '2026-01-31T13:00:00.000Z',
}
const material = { since: null, summaries: [], changes: [], posts: [POST] }
const review = (text: string, fields: Parameters<typeof contextWith>[0] = {}) =>
  brief(contextWith(fields), MODEL, SETTINGS).review(text)

t.test('[CITE1] each piece of evidence that a model is told has an id', async (t) => {
  const system = brief(contextWith({ material, question: '/summary', carried_over: 'Before.' }), MODEL, SETTINGS)
    .turns[0]
  for (const id of ['E1 event', 'E2 description', 'E3 context', 'M1 bob', 'H1 earlier session']) {
    t.match(system?.content, new RegExp(`<<<DATA-\\w+ ${id}`))
  }
  t.match(system?.content, /\[E2\] or \[S1\]/, 'and it is told to cite them')
})

t.test('[CITE2] citations that exist are kept, each once, with what they stand for', async (t) => {
  const { content, citations } = review('Forty logins [E2]. Isolated [M1]. Really [E2, S9].', { material })
  t.equal(content, 'Forty logins [E2]. Isolated [M1]. Really [E2, S9?].')
  t.same(citations, [
    { id: 'E2', label: 'description', supported: true },
    { id: 'M1', label: 'bob, 2026-01-31T13:00:00.000Z', message_id: 'm-1', supported: true },
    { id: 'S9', label: '', supported: false },
  ])
})

t.test('[CITE3] marks without evidence are told to be unsupported, in the text and in the list', async (t) => {
  const { content, citations } = review('Closed [M1] and [S2]，见[E1；C4]。')
  t.equal(content, 'Closed [M1?] and [S2?]，见[E1；C4?]。')
  t.same(
    citations.map(({ id, supported }) => [id, supported]),
    [
      ['M1', false],
      ['S2', false],
      ['E1', true],
      ['C4', false],
    ],
  )
})

t.test('[CITE3] what didn’t fit the prompt can’t be cited', async (t) => {
  const posts = Array.from({ length: 40 }, (_, at) => ({
    ...POST,
    message_id: `m-${at}`,
    content: 'word '.repeat(300),
  }))
  const small = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const context = contextWith({ question: '/summary', material: { ...material, posts } })
  const { citations } = brief(context, small, SETTINGS).review('Old [M1], new [M40].')
  t.match(citations, [
    { id: 'M1', supported: false },
    { id: 'M40', supported: true },
  ])
})

t.test('[CITE3] code and links are no citations', async (t) => {
  const text = 'Run `arr[E9]`:\n```\nx[S7]\n```\nand [E8](#a), [EDR], [E12345].'
  t.match(review(text), { content: /arr\[E9\]`:\n```\nx\[S7\]\n```/, citations: [] })
})

t.test('[CITE4] citations and the prompt’s version are stored with the answer', async (t) => {
  const worker = await aWorker([['Forty ', 'logins [E', '2], closed [S4].', finish()]])
  await reply(worker.ctx, worker.ref, new AbortController().signal)
  t.match(worker.content(), {
    content: 'Forty logins [E2], closed [S4?].',
    prompt_version: /^answer\/\d+$/,
    citations: [
      { id: 'E2', label: 'description', supported: true },
      { id: 'S4', supported: false },
    ],
  })
})
