import { EVENT_CHANGE } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { addInboxCounts, RecentRowsCache } from '../../../src/events/inbox/index.ts'
import { listAudiences } from '../../../src/people/access.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import { createSeededRandom } from '../../seeded-random.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  aUser,
  type Harness,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'

/** Proves an InboxStore by the counts that are computed from its reads. */
export const inboxContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'inbox', make, proveCounts, provePrivateCounts, proveMutes, proveLists, proveEqualToFullCount)

/** Counts a user's unread rows. By default the cache of rows is empty, as in a node that has just started. */
async function count(
  stores: Stores,
  { event_id }: Place,
  user_id: string,
  recentRows = new RecentRowsCache(stores.inbox),
) {
  const [event] = await stores.inbox.findEvents([event_id])
  if (!event) throw new Error('The event does not exist.')
  const [counted] = await addInboxCounts({ inbox: stores.inbox, recentRows }, { user_id, role: 'engineer' }, [event])
  if (!counted) throw new Error('The event has no counts.')
  return { unread: counted.unread, mentions: counted.mentions, muted: counted.muted }
}

const postAs = (stores: Stores, { event_id }: Place, user_id: string, mentions: string[] = []) =>
  stores.messages.post({
    message_id: createId(),
    event_id,
    user_id,
    category: 'room',
    message_from: user_id,
    message_type: 'chat',
    content: { content: 'Look.' },
    round_id: null,
    audience: 'all',
    mentions,
  })

const PERSON = { user_id: 'u-person', role: 'engineer' } as const
const NO_COUNTS = { unread: 0, mentions: 0, muted: false }

function proveCounts(t: Test, { stores }: Harness): void {
  t.test('[INBOX1] rows of others after the mark are unread, the reader’s own rows are not', async (t) => {
    const place = await aPlace(stores)
    const { owner, other } = place
    await postAs(stores, place, owner)
    await postAs(stores, place, other, [owner])
    await postMessage(stores, place)
    t.same(
      await count(stores, place, owner),
      { ...NO_COUNTS, unread: 1, mentions: 1 },
      'the agent’s row counts as the owner’s',
    )
    t.same(await count(stores, place, other), { ...NO_COUNTS, unread: 2 })
    await stores.timeline.markRead(place.event_id, owner, 2)
    t.same(await count(stores, place, owner), NO_COUNTS)
    await stores.timeline.markRead(place.event_id, other, 1)
    t.same(await count(stores, place, other), { ...NO_COUNTS, unread: 1 }, 'the mark is before the newest row')
  })

  t.test('[INBOX1] a change of a read row or of the event does not count as unread', async (t) => {
    const place = await aPlace(stores)
    const recentRows = new RecentRowsCache(stores.inbox)
    const { row } = await postAs(stores, place, place.owner)
    await stores.timeline.markRead(place.event_id, place.other, 1)
    const pinner = { user_id: place.owner, audiences: listAudiences({ user_id: place.owner, role: 'engineer' }) }
    await count(stores, place, place.other, recentRows)
    await stores.pins.pin(place.event_id, row.message.message_id, pinner)
    await stores.events.update(place.event_id, { severity: 'low' }, PERSON)
    t.same(await count(stores, place, place.other, recentRows), NO_COUNTS)
  })

  t.test('[INBOX1] counts are at most 100', async (t) => {
    const place = await aPlace(stores)
    for (let index = 0; index < 99; index += 1) await postAs(stores, place, place.owner, [place.other])
    t.same(await count(stores, place, place.other), { ...NO_COUNTS, unread: 99, mentions: 99 })
    for (let index = 0; index < 2; index += 1) await postAs(stores, place, place.owner, [place.other])
    t.same(await count(stores, place, place.other), { ...NO_COUNTS, unread: 100, mentions: 100 })
  })
}

function provePrivateCounts(t: Test, { stores }: Harness): void {
  t.test('[INBOX2] a private answer is unread for its asker once it has ended, and never for others', async (t) => {
    const place = await aPlace(stores)
    const recentRows = new RecentRowsCache(stores.inbox)
    const { reply } = await stores.messages.ask(aQuestion(place))
    await stores.timeline.markRead(place.event_id, place.owner, 2)
    t.same(await count(stores, place, place.owner, recentRows), NO_COUNTS, 'while it is being written')
    await answerReply(stores, reply.message.message_id)
    t.same(await count(stores, place, place.owner, recentRows), { ...NO_COUNTS, unread: 1 })
    t.same(await count(stores, place, place.other, recentRows), NO_COUNTS)
    await stores.timeline.markRead(place.event_id, place.owner, 2)
    t.same(await count(stores, place, place.owner, recentRows), NO_COUNTS, 'the asker marked the same position again')
  })

  t.test('[INBOX5] a private answer that is asked again and fails is no longer unread', async (t) => {
    const place = await aPlace(stores)
    const recentRows = new RecentRowsCache(stores.inbox)
    const { reply } = await stores.messages.ask(aQuestion(place))
    const { message_id } = reply.message
    await answerReply(stores, message_id)
    t.same(await count(stores, place, place.owner, recentRows), { ...NO_COUNTS, unread: 1 })
    await stores.messages.retry(place.owner, message_id)
    await answerReply(stores, message_id, { content: '', error: { code: 'llm_timeout', retryable: true } })
    t.same(await count(stores, place, place.owner), NO_COUNTS, 'with an empty cache')
    t.same(await count(stores, place, place.owner, recentRows), NO_COUNTS, 'with the answer in the cache')
  })

  t.test(
    '[INBOX2] a shared session is unread for others, and its answer does not count twice for its owner',
    async (t) => {
      const place = await aPlace(stores)
      const recentRows = new RecentRowsCache(stores.inbox)
      const { reply, session_id } = await stores.messages.ask(aQuestion(place))
      await answerReply(stores, reply.message.message_id)
      t.same(await count(stores, place, place.owner, recentRows), { ...NO_COUNTS, unread: 1 })
      await stores.messages.share(place.owner, session_id)
      t.same(await count(stores, place, place.other, recentRows), await count(stores, place, place.other))
      t.same(await count(stores, place, place.owner, recentRows), await count(stores, place, place.owner))
      t.equal((await count(stores, place, place.other)).unread, 2)
    },
  )
}

function proveMutes(t: Test, { stores }: Harness): void {
  t.test('[INBOX3] a mute belongs to one user, and the counts and the read mark continue', async (t) => {
    const place = await aPlace(stores)
    await postAs(stores, place, place.owner, [place.other])
    await stores.inbox.putMuted(place.event_id, place.other, true)
    t.same(await count(stores, place, place.other), { unread: 1, mentions: 1, muted: true })
    t.same(await count(stores, place, place.owner), NO_COUNTS)
    await stores.timeline.markRead(place.event_id, place.other, 1)
    t.same(await count(stores, place, place.other), { ...NO_COUNTS, muted: true })
    await stores.inbox.putMuted(place.event_id, place.other, false)
    t.same(await count(stores, place, place.other), NO_COUNTS)
  })

  t.test('[INBOX3] every node reads marks and mutes that changed after its last read', async (t) => {
    const place = await aPlace(stores)
    const { at } = await stores.inbox.readChangedMarks(null)
    await postAs(stores, place, place.owner)
    await stores.timeline.markRead(place.event_id, place.other, 1)
    await stores.inbox.putMuted(place.event_id, place.owner, true)
    const { marks } = await stores.inbox.readChangedMarks(at)
    const marksOfPlace = marks.filter(({ event_id }) => event_id === place.event_id)
    t.match(
      marksOfPlace.find(({ user_id }) => user_id === place.other),
      { position: 1, seen_seq: 1, muted: false },
    )
    t.match(
      marksOfPlace.find(({ user_id }) => user_id === place.owner),
      { position: 0, muted: true },
    )
  })
}

function proveLists(t: Test, { stores }: Harness): void {
  t.test('[INBOX4] events that are not closed are active, and a list has at most `limit` of them', async (t) => {
    const [open, closed] = [await aPlace(stores), await aPlace(stores)]
    await stores.events.update(closed.event_id, { event_status: 'closed' }, PERSON)
    const listed = (await stores.inbox.listActive(1_000)).map(({ event_id }) => event_id)
    t.ok(listed.includes(open.event_id))
    t.notOk(listed.includes(closed.event_id))
    t.equal((await stores.inbox.listActive(1)).length, 1)
  })
}

/** Counts the unread rows by the same rule, but from all rows and without a cache. */
async function countAll(stores: Stores, { event_id }: Place, user_id: string): Promise<number> {
  const [mark] = await stores.inbox.findMarks([user_id], [event_id])
  const { rows } = await stores.timeline.readPage(event_id, ['all', 'people', user_id], { limit: 1_000 })
  return rows.filter(({ message, audience }) => {
    if (message.message_type === EVENT_CHANGE) return false
    if (audience !== user_id) return message.user_id !== user_id && message.position > (mark?.position ?? 0)
    return message.sender_type === 'ai' && message.message_type !== 'thinking' && message.seq > (mark?.seen_seq ?? 0)
  }).length
}

function proveEqualToFullCount(t: Test, { stores }: Harness): void {
  t.test('[INBOX5] after random actions the counts equal a count over all rows', async (t) => {
    const random = createSeededRandom(15)
    const place = await aPlace(stores)
    const people = [place.owner, place.other, await aUser(stores)]
    const recentRows = new RecentRowsCache(stores.inbox)
    const replies: string[] = []
    const sessions: Array<[string, string]> = []
    const actions = [
      (user_id: string) => postAs(stores, place, user_id, [random.pick(people)]),
      () => postMessage(stores, place),
      async (user_id: string) => {
        const asked = await stores.messages.ask(aQuestion(place, { user_id, max_rounds: 100 }))
        replies.push(asked.reply.message.message_id)
        sessions.push([user_id, asked.session_id])
      },
      async () => {
        const message_id = replies.shift()
        if (message_id) await answerReply(stores, message_id).catch(() => replies.push(message_id))
      },
      async () => {
        const [user_id, session_id] = sessions.shift() ?? []
        if (user_id && session_id) await stores.messages.share(user_id, session_id)
      },
      async (user_id: string) => {
        const seqs = await stores.timeline.readSeqs([place.event_id])
        await stores.timeline.markRead(place.event_id, user_id, random.below((seqs.get(place.event_id) ?? 0) + 1))
      },
      () => stores.events.update(place.event_id, { severity: random.pick(['low', 'high']) }, PERSON),
    ]
    for (let step = 0; step < 60; step += 1) {
      await random.pick(actions)(random.pick(people))
      const user_id = random.pick(people)
      const { unread } = await count(stores, place, user_id, recentRows)
      t.equal(unread, await countAll(stores, place, user_id), `${step}`)
    }
  })
}
