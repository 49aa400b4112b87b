import { buildPrompt } from '@engineer-chat/chat/prompting'
import t from 'tap'
import { sortByPriority, takeWhatFits } from '../../src/prompting/sources/prioritize.ts'
import { createRoomSources } from '../../testing/create-room-sources.ts'
import { createContext, MODEL, SETTINGS } from './prompt-context.ts'

const CREATED_AT = '2026-01-31T13:00:00.000Z'

t.test('[SRC8] priority adds up how new a source is among its kind and how well it fits', async (t) => {
  const messages = Array.from({ length: 30 }, (_, at) => ({ id: `msg${at + 1}`, kind: 'message' as const }))
  const sorted = sortByPriority([
    { id: 'chg1', kind: 'change' as const },
    { id: 'pin1', kind: 'pin' as const, rank: 2 },
    { id: 'pin2', kind: 'pin' as const },
    ...messages.map((one, at) => (at === 0 ? { ...one, rank: 1 } : one)),
  ])
  t.same(
    sorted.slice(0, 7).map(({ id }) => id),
    ['pin1', 'msg1', 'pin2', 'msg30', 'chg1', 'msg29', 'msg28'],
  )
})

t.test('[CTX8] what doesn’t fit makes room for a shorter one, and the order stays', async (t) => {
  const costs = [3, 9, 2, 5]
  t.same(
    takeWhatFits(costs, costs.toReversed(), 11, (cost) => cost),
    [3, 2, 5],
  )
})

t.test('[SRC8] the old message that fits is told where the space is short', async (t) => {
  const messages = Array.from({ length: 60 }, (_, at) => ({
    message_id: `m${at}`,
    position: at + 1,
    author: 'bob',
    content: `${at} ${'word '.repeat(100)}`,
    created_at: CREATED_AT,
    ...(at === 3 && { rank: 1 }),
  }))
  const small = { ...MODEL, context_window: 6_000, max_tokens: 1_000 }
  const { sources } = buildPrompt(createContext({ room: createRoomSources({ messages }) }), small, SETTINGS)
  const told = sources.flatMap(({ kind, id }) => (kind === 'message' ? [id] : []))
  t.ok(told.length < 30)
  t.ok(told.includes('msg4') && told.includes('msg60'))
  t.notOk(told.includes('msg1'))
})
