import { buildPrompt } from '@engineer-chat/chat/prompting'
import t from 'tap'
import { sortByPriority, takeWhatFits } from '../../src/prompting/sources/prioritize.ts'
import { createRoomSources } from '../../testing/create-room-sources.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const createSource = (kind: 'pin' | 'message' | 'change' | 'document' | 'incident', id: string, text = id) => ({
  id,
  kind,
  text,
})

const CREATED_AT = '2026-01-31T13:00:00.000Z'

t.test('[SRC8] priority adds up how new a source is among its kind and how well it fits', async (t) => {
  const messages = Array.from({ length: 30 }, (_, index) => createSource('message', `msg${index + 1}`))
  const sorted = sortByPriority([
    createSource('change', 'chg1'),
    { ...createSource('pin', 'pin1'), rank: 2 },
    createSource('pin', 'pin2'),
    ...messages.map((message, index) => (index === 0 ? { ...message, rank: 1 } : message)),
  ])
  t.same(
    sorted.slice(0, 7).map(({ id }) => id),
    ['pin1', 'msg1', 'pin2', 'msg30', 'chg1', 'msg29', 'msg28'],
  )
})

t.test('[SRC8] a source that repeats a newer one of its kind comes last, also if it fits the question', async (t) => {
  const sorted = sortByPriority([
    { ...createSource('message', 'msg1', 'On it.'), rank: 2 },
    createSource('pin', 'pin1', 'On it.'),
    createSource('message', 'msg2'),
    createSource('message', 'msg3'),
    { ...createSource('message', 'msg4', 'On it.'), rank: 1 },
  ])
  t.same(
    sorted.map(({ id }) => id),
    ['msg4', 'pin1', 'msg3', 'msg2', 'msg1'],
  )
})

t.test('[SRC8] of documents and other incidents, the one that fits best comes first', async (t) => {
  const sorted = sortByPriority([
    ...[1, 2, 3, 4].map((rank) => ({ ...createSource('document', `doc${rank}`), rank })),
    { ...createSource('document', 'doc5', 'doc1'), rank: 5 },
    ...[1, 2, 3].map((rank) => ({ ...createSource('incident', `inc${rank}`), rank })),
    createSource('change', 'chg1'),
    createSource('change', 'chg2'),
  ])
  t.same(
    sorted.map(({ id }) => id),
    ['doc1', 'inc1', 'doc2', 'inc2', 'doc3', 'inc3', 'doc4', 'chg2', 'chg1', 'doc5'],
  )
})

t.test('[CTX8] a source that doesn’t fit makes room for a shorter one, and the order stays', async (t) => {
  const costs = [3, 9, 2, 5]
  t.same(
    takeWhatFits(costs, costs.toReversed(), 11, (cost) => cost),
    [3, 2, 5],
  )
})

t.test('[SRC8] an old message that fits the question is included in a small prompt', async (t) => {
  const messages = Array.from({ length: 60 }, (_, index) => ({
    message_id: `m${index}`,
    position: index + 1,
    author: 'bob',
    content: `${index} ${'word '.repeat(100)}`,
    created_at: CREATED_AT,
    ...(index === 3 && { rank: 1 }),
  }))
  const smallModel = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const { sources } = buildPrompt(createContext({ room: createRoomSources({ messages }) }), smallModel, SETTINGS)
  const included = sources.flatMap(({ kind, id }) => (kind === 'message' ? [id] : []))
  t.ok(included.length < 30)
  t.ok(included.includes('msg4') && included.includes('msg60'))
  t.notOk(included.includes('msg1'))
})
