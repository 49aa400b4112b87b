import type { Test } from 'tap'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  getSeq,
  type Harness,
  type MakeHarness,
  type Place,
  postMessage,
  runSuite,
} from '../harness.ts'

export const sourcesContract = (t: Test, make: MakeHarness) =>
  runSuite(t, 'sources', make, proveCommandSources, proveContexts)

function proveCommandSources(t: Test, { stores }: Harness): void {
  const { messages, timeline, events } = stores

  t.test('[CMD1] a command’s sources are summaries, changes and people’s messages, the oldest first', async (t) => {
    const place = await aPlace(stores)
    await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
    await postNote(stores, place, 'I isolated host 7.')
    const by = { user_id: place.owner, role: 'engineer' } as const
    await events.update(place.event_id, { severity: 'critical', context: 'Secret text.' }, by)
    await events.addSummary(place.event_id, { round_id: 2, event_summary: 'Second.', event_suggestion: 'Wait.' })
    await postNote(stores, { ...place, owner: place.other }, 'Thank you.')

    const sources = await getSources(stores, place)

    t.match(sources, {
      since: null,
      summaries: [{ event_summary: 'First.' }, { event_summary: 'Second.', event_suggestion: 'Wait.' }],
      posts: [{ content: 'I isolated host 7.', username: `user-${place.owner}` }, { content: 'Thank you.' }],
    })
    t.same(
      sources.changes.map(({ changed }) => changed),
      [{ severity: 'critical', context: null }],
    )
    t.notMatch(JSON.stringify(sources), 'Secret text')
  })

  t.test('[CMD1] nothing of agents or of chats is a source of a command', async (t) => {
    const place = await aPlace(stores)
    await postMessage(stores, place, 'all', 'an agent’s word')
    const { reply } = await messages.ask(aQuestion(place, { text: 'a chat’s word', visibility: 'room' }))
    await answerReply(stores, reply.message.message_id, { content: 'an answer’s word' })

    const { summaries, changes, posts } = await getSources(stores, place)

    t.same({ summaries, changes, posts }, { summaries: [], changes: [], posts: [] })
  })

  t.test('[CMD2] to a user who never read, all of a room is unread', async (t) => {
    const place = await aPlace(stores)
    await postNote(stores, place, 'old')
    t.match(await getSources(stores, place, true), { since: null, posts: [{ content: 'old' }] })
  })

  t.test('[CMD2] what is read in a visit stays new until the next one, for that user alone', async (t) => {
    const place = await aPlace(stores)
    await postNote(stores, place, 'old')

    await timeline.markRead(place.event_id, place.owner, await getSeq(stores, place))

    t.match(await getSources(stores, place, true), { since: 0, posts: [{ content: 'old' }] })
    await postNote(stores, { ...place, owner: place.other }, 'new')
    t.equal((await getSources(stores, { ...place, owner: place.other }, true)).posts.length, 2)
  })
}

function proveContexts(t: Test, { stores }: Harness): void {
  const { messages, replies, sessions, events, sources } = stores

  t.test('[CMD3] a question that isn’t stored has the context that it would have', async (t) => {
    const place = await aPlace(stores)
    await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
    const { session_id, reply } = await messages.ask(aQuestion(place, { text: 'Why?' }))
    await answerReply(stores, reply.message.message_id, { content: 'Money.' })
    await events.addSummary(place.event_id, { round_id: 2, event_summary: 'Second.' })

    const context = await sources.findContext({ event_id: place.event_id, session_id, question: 'And now?' }, 20)

    const stored = await messages.ask(aQuestion(place, { text: 'And now?' }))
    const expected = await replies.findContext(stored.reply.message.message_id, 20)
    t.same({ ...context, event: null }, { ...expected, event: null })
    t.match(context, { summary_updated: true, history: [{ question: 'Why?', answer: 'Money.' }] })
  })

  t.test('[CMD3] without a session such a context has no history; without an event there is none', async (t) => {
    const { event_id } = await aPlace(stores)
    const now = { event_id, session_id: null, question: 'And now?' }
    t.match(await sources.findContext(now, 20), { history: [], summary_updated: false })
    t.equal(await sources.findContext({ ...now, event_id: createId() }, 20), undefined)
  })

  t.test('[CMD4] a session’s carry-over is in the contexts of its questions, and in no other’s', async (t) => {
    const place = await aPlace(stores)
    const { event_id, owner: user_id } = place
    const session_id = createId()
    const carried_over = 'Q: Why?\nA: Money.'
    await sessions.create({ session_id, event_id, user_id, visibility: 'private', max_rounds: 10, carried_over })
    const { reply } = await messages.ask(aQuestion(place, { text: 'And now?' }))
    t.match(await replies.findContext(reply.message.message_id, 20), { carried_over })
    t.match(await sources.findContext({ event_id, session_id, question: 'x' }, 20), { carried_over })
    const other = await messages.ask(aQuestion(place, { user_id: place.other }))
    t.match(await replies.findContext(other.reply.message.message_id, 20), { carried_over: null })
  })
}

/** Reads the sources of a command for the owner of the place. */
const getSources = (stores: Stores, place: Place, unread = false) =>
  stores.sources.getCommandSources({
    event_id: place.event_id,
    user_id: place.owner,
    audiences: ['all', 'people', place.owner],
    unread,
  })

async function postNote(stores: Stores, place: Place, content: string): Promise<void> {
  await stores.messages.post({
    message_id: createId(),
    event_id: place.event_id,
    user_id: place.owner,
    category: 'room',
    message_from: place.owner,
    message_type: 'chat',
    content: { content },
    round_id: null,
    audience: 'all',
  })
}
