import type { Passwords } from '@engineer-chat/chat/people'
import { PIECE_RULES } from '@engineer-chat/chat/ranking'
import { createMemoryStores } from '@engineer-chat/chat/testing'
import t from 'tap'
import { seedDocuments } from '../bin/demo/documents.ts'
import { DEMO_EVENTS } from '../bin/demo/events.ts'
import { seedEvent } from '../bin/demo/seed-event.ts'
import { seedUsers, type UserToSeed } from '../bin/demo/seed-users.ts'

const passwords: Passwords = {
  hash: async (password) => `hash of ${password}`,
  verify: async (password, hash) => hash === `hash of ${password}`,
}
const USERS_TO_SEED: UserToSeed[] = [
  { username: 'admin', password: 'one', role: 'admin' },
  { username: 'alice', password: 'two', role: 'engineer' },
  { username: 'bob', password: 'three', role: 'engineer' },
  { username: 'captain', password: 'four', role: 'agent' },
]

/** Each demo event has messages of these types. */
const EXPECTED_MESSAGE_TYPES = [
  'llm_response',
  'command_result',
  'execution_summary_generated',
  'event_summary_generated',
  'event_next_round_initiated',
  'system_notification',
]

t.test('[RUN9] the demo is two events with agents, people, rounds and summaries, in English and Chinese', async (t) => {
  const stores = createMemoryStores()
  const { ids } = await seedUsers({ users: stores.users, passwords }, USERS_TO_SEED)
  for (const demo of DEMO_EVENTS) {
    await seedEvent(stores, ids, demo)
    const { event_id } = demo.event
    const { rows } = await stores.timeline.readPage(event_id, ['all'], { limit: 100 })
    const types = new Set(rows.map(({ message }) => message.message_type))
    for (const type of EXPECTED_MESSAGE_TYPES) t.ok(types.has(type), type)
    t.ok(
      rows.some(({ message }) => message.message_category === 'room'),
      'people post, too',
    )
    t.ok(rows.every(({ message }) => message.message_content.content !== ''))
    const listWithAddress = /^1\. [\s\S]*(\d+\.){3}\d+/
    t.match(await stores.events.findCurrentSummary(event_id), { event_suggestion: listWithAddress })
    t.equal((await stores.events.find(event_id))?.event_status, demo.status)
  }
})

t.test(
  '[RUN9] a second start adds nothing, and a start after an interrupted start adds only the missing steps',
  async (t) => {
    const stores = createMemoryStores()
    const { ids } = await seedUsers({ users: stores.users, passwords }, USERS_TO_SEED)
    const [demo] = DEMO_EVENTS
    if (!demo) return t.fail('there is no demo')
    const { event_id } = demo.event
    // The first start is interrupted after 12 steps.
    const interrupted = { ...demo, status: 'pending' as const, steps: demo.steps.slice(0, 12) }
    await seedEvent(stores, ids, interrupted)
    await seedEvent(stores, ids, demo)
    await seedEvent(stores, ids, demo)
    const { rows } = await stores.timeline.readPage(event_id, ['all'], { limit: 100 })
    const expectedAuthors = demo.steps.flatMap((step) => {
      if (step.type === 'agent') return [step.post.message_from]
      return step.type === 'person' ? [ids.get(step.username)] : []
    })
    t.strictSame(
      rows.map(({ message }) => message.message_from),
      expectedAuthors,
    )
    t.equal(
      (await stores.events.listSummaries(event_id, { limit: 100 })).items.length,
      demo.steps.filter(({ type }) => type === 'summary').length,
    )
  },
)

t.test(
  '[RUN9] each start gives demo users the passwords that it prints, but does not change another user of the same name',
  async (t) => {
    const { users } = createMemoryStores()
    await users.create({ user_id: 'a-person', username: 'bob', password_hash: 'hash of his own', role: 'engineer' })
    const ctx = { users, passwords }
    t.strictSame((await seedUsers(ctx, USERS_TO_SEED)).existingUsernames, ['bob'])
    const usersWithNewPasswords = USERS_TO_SEED.map((user) => ({ ...user, password: `${user.password} more` }))
    const { ids, existingUsernames } = await seedUsers(ctx, usersWithNewPasswords)
    t.strictSame([existingUsernames, ids.get('bob'), ids.get('alice')], [['bob'], 'a-person', 'demo-alice'])
    t.equal((await users.findCredentials('alice'))?.password_hash, 'hash of two more')
    t.equal((await users.findCredentials('bob'))?.password_hash, 'hash of his own')
  },
)

t.test(
  '[RUN9] the demo has an English and a Chinese runbook; a later start does not restore a removed one',
  async (t) => {
    const { documents, textIndex } = createMemoryStores()
    await seedDocuments({ documents })
    while (await textIndex.indexNextPieces(100, PIECE_RULES)); // It resolves to false after the last piece.
    const reader = { user_id: 'u', role: 'engineer' } as const
    const list = async () => (await documents.list(reader, { limit: 10 })).items
    const seeded = await list()
    t.same(seeded.map(({ language, kind, access }) => [language, kind, access]).sort(), [
      ['en', 'runbook', 'everybody'],
      ['zh', 'runbook', 'everybody'],
    ])
    const findBest = async (text: string) =>
      (await documents.findFitting(reader, { text, limit: 4 }))[0]?.headings.at(-1)
    t.equal(await findBest('What should we contain first?'), 'Contain first')
    t.equal(await findBest('我们应该先遏制什么？'), '先遏制')
    await documents.remove(seeded[0]?.document_id ?? '')
    await seedDocuments({ documents })
    t.equal((await list()).length, 1, 'the removed runbook does not come back')
  },
)
