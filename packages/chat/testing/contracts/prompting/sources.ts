import type { MessageContent } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import type { ContextSourceKind } from '../../../src/prompting/sources/context-source-kinds.ts'
import { QUESTION_LIMITS } from '../../../src/prompting/sources/plan-room-query.ts'
import { createId } from '../../../src/shared/ids.ts'
import type { Stores } from '../../../src/stores.ts'
import {
  answerReply,
  aPlace,
  aQuestion,
  CONTEXT_LIMITS,
  createSession,
  getSeq,
  type Harness,
  type MakeHarness,
  type Place,
  postMessage,
  postNote,
  runSuite,
  waitForNextMillisecond,
} from '../harness.ts'
import { indexRoom } from '../ranking/index-reads.ts'
import { proveDocumentSources } from './document-sources.ts'
import { proveIncidentSources } from './incident-sources.ts'

export const sourcesContract = (t: Test, make: MakeHarness) =>
  runSuite(
    t,
    'sources',
    make,
    proveRoomSources,
    proveTokensForPosts,
    proveRanking,
    proveDocumentSources,
    proveIncidentSources,
    provePins,
    proveSourcesEndAtQuestion,
    proveCatchUps,
    proveContexts,
  )

function proveRoomSources(t: Test, { stores }: Harness): void {
  const { events, messages } = stores

  t.test('[CMD1] summaries, changes and people’s messages are sources, the oldest first', async (t) => {
    const place = await aPlace(stores)
    await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
    await postNote(stores, place, 'I isolated host 7.')
    const by = { user_id: place.owner, role: 'engineer' } as const
    await events.update(place.event_id, { severity: 'critical', context: 'Secret text.' }, by)
    await events.addSummary(place.event_id, { round_id: 2, event_summary: 'Second.', event_suggestion: 'Wait.' })
    await postNote(stores, { ...place, owner: place.other }, 'Thank you.', 'people')

    const room = await getRoomSources(stores, place)

    t.match(room, {
      readPosition: null,
      summaries: [{ event_summary: 'First.' }, { event_summary: 'Second.', event_suggestion: 'Wait.' }],
      messages: [
        { content: 'I isolated host 7.', author: `user-${place.owner}` },
        { content: 'Thank you.', author: `user-${place.other}` },
      ],
      totals: { changes: { count: 1 }, pins: { count: 0 }, messages: { count: 2 } },
    })
    t.same([room?.summaries.length, room?.pins.length, room?.messages.length], [2, 0, 2])
    t.same(
      room?.changes.map(({ changed }) => changed),
      [{ severity: 'critical', context: null }],
    )
    t.notMatch(JSON.stringify(room), 'Secret text')
  })

  t.test('[SRC1] a shared chat’s finished rounds are sources, with who asked and without citations', async (t) => {
    const place = await aPlace(stores)
    const citations = [{ id: 'ev1', label: 'event', supported: true }]
    await aRound(stores, place, 'Is host 7 ours?', { content: 'Yes [ev1].', citations })
    await aRound(stores, place, 'Failed?', { content: 'Sorry.', error: { code: 'llm_timeout', retryable: true } })
    await messages.ask(aQuestion(place, { text: 'Unanswered?', visibility: 'room' }))

    const room = await getRoomSources(stores, { ...place, owner: place.other })

    t.match(room?.messages, [
      {
        author: 'assistant',
        content: /^Yes\s?\.$/,
        question: { author: `user-${place.owner}`, content: 'Is host 7 ours?' },
      },
    ])
    t.same([room?.messages.length, room?.totals.messages.count], [1, 1])
  })

  t.test('[SRC2] agents’ messages, private sessions and other events are not sources', async (t) => {
    const place = await aPlace(stores)
    await postMessage(stores, place, 'all', 'CANARY of an agent')
    await postMessage(stores, place, 'people', 'CANARY of an agent for people')
    await aRound(stores, place, 'CANARY of one’s own other session', { content: 'CANARY' }, 'private')
    await aRound(stores, { ...place, owner: place.other }, 'CANARY of another', { content: 'CANARY' }, 'private')
    await postNote(stores, { ...(await aPlace(stores)), owner: place.owner }, 'CANARY of another event')
    await createSession(stores, place)

    const { reply } = await messages.ask(aQuestion(place, { text: '/summary' }))

    t.notMatch(JSON.stringify(await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)), 'CANARY')
    const room = await getRoomSources(stores, place)
    t.same([room?.messages, room?.pins], [[], []])
    t.match(room?.totals, { messages: { count: 0 }, pins: { count: 0 } })
  })

  t.test('[SRC1] a session’s own rounds are its history, and no sources', async (t) => {
    const place = await aPlace(stores)
    await aRound(stores, place, 'Why?', { content: 'Money.' })
    const { reply } = await messages.ask(aQuestion(place, { text: 'And now?', visibility: 'room' }))
    const context = await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)
    t.match(context, {
      history: [{ question: 'Why?', answer: 'Money.' }],
      room: { totals: { messages: { count: 0 } } },
    })
    t.same([context?.history.length, context?.room?.messages], [1, []])
  })

  t.test('[SRC3] a kind of source that is switched off is not read', async (t) => {
    const place = await aPlace(stores)
    await events.addSummary(place.event_id, { round_id: 1, event_summary: 'First.' })
    await events.update(place.event_id, { severity: 'low' }, { user_id: place.owner, role: 'engineer' })
    await pin(stores, place, await postNote(stores, place, 'A pin.'))
    await postNote(stores, place, 'A post.')
    const read = async (...kinds: ContextSourceKind[]) => {
      const room = await getRoomSources(stores, place, '/summary', kinds)
      return [room?.summaries, room?.changes, room?.pins, room?.messages].map((list) => list?.length)
    }
    t.same(await read(), [0, 0, 0, 0])
    t.same(await read('summary'), [1, 0, 0, 0])
    t.same(await read('change'), [0, 1, 0, 0])
    t.same(await read('pin'), [0, 0, 1, 0])
    t.same(await read('message'), [0, 0, 0, 2], 'a pinned message stays a message without pins')
  })
}

function proveTokensForPosts(t: Test, { stores }: Harness): void {
  const { sources } = stores
  const listPosts = async ({ event_id, owner: user_id }: Place, question: string) => {
    const asked = { event_id, user_id, session_id: null, question }
    const { room } = (await sources.findContext(asked, { ...CONTEXT_LIMITS, roomTokens: 600 })) ?? {}
    return [room?.messages.map(({ content }) => content[0]).join(''), room?.totals.messages.count]
  }

  t.test('[SRC11] posts that cannot fit are counted and not read, except for a command', async (t) => {
    const place = await aPlace(stores)
    for (const letter of 'abcdefgh') await postNote(stores, place, letter.repeat(600))
    t.same(await listPosts(place, 'What now?'), ['efgh', 8])
    t.same(await listPosts(place, '/summary'), ['abcdefgh', 8])
  })

  t.test('[SRC11] a long post leaves half of the tokens to other posts', async (t) => {
    const place = await aPlace(stores)
    for (const letter of 'abcd') await postNote(stores, place, letter.repeat(600))
    await postNote(stores, place, 'L'.repeat(20_000))
    t.same(await listPosts(place, 'What now?'), ['cdL', 5])
  })

  t.test('[SRC11] a quote in a post is not in the prompt, so it takes no place from other posts', async (t) => {
    const place = await aPlace(stores)
    for (const letter of 'abcdefgh') await postQuoting(stores, place, letter, '已完成。'.repeat(250))
    t.same(await listPosts(place, 'What now?'), ['abcdefgh', 8])
  })
}

async function postQuoting(stores: Stores, { event_id, owner }: Place, content: string, text: string): Promise<void> {
  const quoted = {
    message_from: owner,
    message_category: 'room',
    user_id: owner,
    created_at: '2026-11-01T00:00:00.000Z',
  }
  await stores.messages.post({
    message_id: createId(),
    event_id,
    user_id: owner,
    category: 'room',
    message_from: owner,
    message_type: 'chat',
    content: { content, quote: { ...quoted, message_id: createId(), text } },
    round_id: null,
    audience: 'all',
  })
}

function proveRanking(t: Test, { stores }: Harness): void {
  const { messages, sources } = stores

  t.test('[SRC8] a message that fits the question is a source, however old it is', async (t) => {
    const place = await aPlace(stores)
    const { owner: user_id } = place
    const oldNote = await postNote(stores, place, 'The beacon on srv-db-01 talks to 203.0.113.7.')
    const answer_id = await aRound(stores, place, 'Who owns srv-db-01?', { content: 'The finance team.' })
    await aRound(stores, place, 'CANARY srv-db-01', { content: 'CANARY srv-db-01' }, 'private')
    await postNote(stores, { ...(await aPlace(stores)), owner: user_id }, 'CANARY srv-db-01 of another event')
    for (let index = 0; index < QUESTION_LIMITS.posts + 5; index++)
      await postNote(stores, place, `Nothing new, ${index}.`)
    for (let index = 0; index < QUESTION_LIMITS.rounds; index++)
      await aRound(stores, place, 'Sure?', { content: `Yes, ${index}.` })
    await indexRoom(stores, place.event_id)

    const room = await getRoomSources(stores, { ...place, owner: place.other }, 'What is known of srv-db-01?')

    t.match(room?.messages[0], { message_id: oldNote, rank: /[12]/ })
    t.match(room?.messages[1], { message_id: answer_id, content: 'The finance team.', rank: /[12]/ })
    t.equal(room?.messages.filter(({ rank }) => rank !== undefined).length, 2)
    t.notMatch(JSON.stringify(room), 'CANARY')
    t.equal(room?.totals.messages.count, 2 + QUESTION_LIMITS.posts + 5 + QUESTION_LIMITS.rounds)
    t.equal(room?.messages.length, 2 + QUESTION_LIMITS.posts + QUESTION_LIMITS.rounds)
  })

  t.test('[SRC8] nothing is read twice, and a message after the question is never read', async (t) => {
    const place = await aPlace(stores)
    const note = await postNote(stores, place, 'Beacon on srv-db-01.')
    const { reply } = await stores.messages.ask(aQuestion(place, { text: 'What of srv-db-01?' }))
    await postNote(stores, place, 'CANARY srv-db-01')
    await indexRoom(stores, place.event_id)
    const context = await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)
    t.match(context?.room?.messages, [{ message_id: note, rank: 1 }])
    t.equal(context?.room?.messages.length, 1)
  })

  t.test('[RANK11] messages are ranked by a question and the questions of its session before it', async (t) => {
    for (const [firstQuestion, followUp, noteText] of [
      ['Who owns srv-db-01?', 'Why?', 'The owner of srv-db-01 is finance.'],
      ['Who owns srv-db-01?', 'And the other host?', 'The owner of srv-db-01 is finance.'],
      ['银狐木马从哪封邮件进来的？', '为什么？', '银狐木马来自冒充税务局的邮件。'],
      ['银狐木马从哪封邮件进来的？', '那另一台呢？', '银狐木马来自冒充税务局的邮件。'],
    ] as const) {
      const place = await aPlace(stores)
      const { event_id, owner: user_id } = place
      const note = await postNote(stores, place, noteText)
      for (let index = 0; index < QUESTION_LIMITS.posts; index++)
        await postNote(stores, place, `Nothing new, ${index}.`)
      await indexRoom(stores, event_id)
      const first = await messages.ask(aQuestion(place, { text: firstQuestion }))
      await answerReply(stores, first.reply.message.message_id)
      const { session_id } = first
      const now = { event_id, user_id, session_id, question: followUp }
      t.match(
        (await sources.findContext(now, CONTEXT_LIMITS))?.room?.messages[0],
        { message_id: note, rank: 1 },
        followUp,
      )
      const { reply } = await messages.ask(aQuestion(place, { text: followUp }))
      const context = await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)
      t.match(context?.room?.messages[0], { message_id: note, rank: 1 }, followUp)
      const elsewhere = await sources.findContext({ ...now, session_id: null }, CONTEXT_LIMITS)
      t.notMatch(JSON.stringify(elsewhere?.room), note, 'another session has nothing before it')
    }
  })

  t.test('[RANK11] only the two previous questions of a session count, and the later one counts more', async (t) => {
    const place = await aPlace(stores)
    const messageIds: Record<string, string> = {}
    for (const word of ['okapi', 'quagga', 'vicuna', 'gaur'])
      messageIds[word] = await postNote(stores, place, `The ${word} was seen.`)
    await indexRoom(stores, place.event_id)
    for (const text of ['An okapi?', 'A quagga?', 'A vicuna?']) {
      const { reply } = await messages.ask(aQuestion(place, { text }))
      await answerReply(stores, reply.message.message_id)
    }
    const { reply } = await messages.ask(aQuestion(place, { text: 'Why?' }))
    await messages.ask(aQuestion(place, { text: 'A gaur?' }))
    const room = (await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS))?.room
    const ranks = new Map(room?.messages.map(({ message_id, rank }) => [message_id, rank]))
    t.same(
      ['vicuna', 'quagga', 'okapi', 'gaur'].map((word) => ranks.get(messageIds[word] ?? '')),
      [1, 2, undefined, undefined],
    )
  })

  t.test('[SRC8] pins are ranked by the question, also those of agents’ messages', async (t) => {
    const place = await aPlace(stores)
    for (const content of ['The VPN gateway was patched.', 'Kerberoasting seen on dc-2.', 'Nothing in the proxy.']) {
      await pin(stores, place, (await postMessage(stores, place, 'all', content)).row.message.message_id)
    }
    const room = await getRoomSources(stores, place, 'Any Kerberoasting?')
    t.same(
      room?.pins.map(({ rank }) => rank),
      [undefined, 1, undefined],
    )
  })
}

function provePins(t: Test, { stores }: Harness): void {
  const { messages } = stores

  t.test('[SRC4] a pinned message is a source, an agent’s message too, and it is included once', async (t) => {
    const place = await aPlace(stores)
    const byAgent = await postMessage(stores, place, 'all', 'WS-7 beacons.')
    const note = await postNote(stores, place, 'It is ours.')
    const answer_id = await aRound(stores, { ...place, owner: place.other }, 'Since when?', { content: 'Since noon.' })
    await postNote(stores, place, 'Not pinned.')
    for (const message_id of [byAgent.row.message.message_id, note, answer_id]) await pin(stores, place, message_id)

    const room = await getRoomSources(stores, place)
    t.match(room, {
      pins: [
        { author: 'agent captain', content: 'WS-7 beacons.' },
        { author: `user-${place.owner}`, content: 'It is ours.' },
        { author: 'assistant', content: 'Since noon.', question: { content: 'Since when?' } },
      ],
      messages: [{ content: 'Not pinned.' }],
      totals: { pins: { count: 3 }, messages: { count: 1 } },
    })
    t.same([room?.pins.length, room?.messages.length], [3, 1])
  })

  t.test('[SRC4] a message that isn’t pinned any more is the source that it was before, if any', async (t) => {
    const place = await aPlace(stores)
    const note = await postNote(stores, place)
    const byAgent = (await postMessage(stores, place)).row.message.message_id
    for (const message_id of [note, byAgent]) await pin(stores, place, message_id)
    for (const message_id of [note, byAgent]) {
      await stores.pins.unpin(place.event_id, message_id, { audiences: ['all', 'people'] })
    }
    const room = await getRoomSources(stores, place)
    t.same([room?.pins, room?.totals.pins.count], [[], 0])
    t.same(
      room?.messages.map(({ message_id }) => message_id),
      [note],
    )
  })

  t.test('[SRC5] a message that was pinned after the question does not count as pinned', async (t) => {
    const place = await aPlace(stores)
    const note = await postNote(stores, place)
    const byAgent = (await postMessage(stores, place)).row.message.message_id
    const { reply } = await messages.ask(aQuestion(place))
    await waitForNextMillisecond()
    for (const message_id of [note, byAgent]) await pin(stores, place, message_id)
    const context = await stores.replies.findContext(reply.message.message_id, CONTEXT_LIMITS)
    t.match(context?.room?.totals, { pins: { count: 0 }, messages: { count: 1 } })
    t.same(context?.room?.pins, [])
    t.same(
      context?.room?.messages.map(({ message_id }) => message_id),
      [note],
    )
    t.equal((await getRoomSources(stores, place))?.pins.length, 2)
  })
}

function proveSourcesEndAtQuestion(t: Test, { stores }: Harness): void {
  const { events, messages, replies } = stores

  t.test('[SRC5] a retried reply’s sources end at its question', async (t) => {
    const place = await aPlace(stores)
    const otherPlace = { ...place, owner: place.other }
    const by = { user_id: place.owner, role: 'engineer' } as const
    await events.addSummary(place.event_id, { round_id: 1, event_summary: 'Before.' })
    await postNote(stores, otherPlace, 'A post before.')
    const retried = await aRound(stores, place, 'Where do we stand?', { content: 'Bad.' }, 'private')
    await events.addSummary(place.event_id, { round_id: 2, event_summary: 'CANARY.' })
    await postNote(stores, otherPlace, 'CANARY of a post')
    await events.update(place.event_id, { severity: 'low' }, by)
    await aRound(stores, otherPlace, 'CANARY of a turn', { content: 'CANARY' })
    await messages.retry(place.owner, retried)

    const context = await replies.findContext(retried, CONTEXT_LIMITS)

    t.notMatch(JSON.stringify({ ...context, event: null }), 'CANARY')
    t.match(context, {
      summary: { event_summary: 'Before.' },
      room: {
        summaries: [{ event_summary: 'Before.' }],
        messages: [{ content: 'A post before.' }],
        totals: { changes: { count: 0 }, pins: { count: 0 }, messages: { count: 1 } },
      },
    })
    const { summaries, changes, messages: roomMessages } = context?.room ?? {}
    t.same([summaries?.length, changes?.length, roomMessages?.length], [1, 0, 1])
  })

  t.test('[SRC6] the asker’s rights are read with the sources', async (t) => {
    const place = await aPlace(stores)
    const { reply } = await messages.ask(aQuestion(place))
    const readAsker = async () => (await replies.findContext(reply.message.message_id, CONTEXT_LIMITS))?.asker
    await events.update(place.event_id, { access: 'restricted' }, { user_id: place.owner, role: 'admin' })
    t.match(await readAsker(), { active: true, role: 'engineer', accessAndRole: { access: 'restricted', role: null } })
    await events.putMember(place.event_id, place.owner, 'observer')
    t.match(await readAsker(), { accessAndRole: { access: 'restricted', role: 'observer' } })
    await stores.users.update(place.owner, { role: 'agent' })
    t.match(await readAsker(), { active: true, role: 'agent' })
    await stores.users.update(place.owner, { active: false })
    t.match(await readAsker(), { active: false })
  })
}

function proveCatchUps(t: Test, { stores }: Harness): void {
  const { timeline } = stores

  t.test('[CMD2] for a user who never read in a room, all of it is unread', async (t) => {
    const place = await aPlace(stores)
    await postNote(stores, place, 'old')
    t.match(await getRoomSources(stores, place, '/catchup'), { readPosition: null, messages: [{ content: 'old' }] })
  })

  t.test('[CMD2] rows that are read in a visit stay new until the next visit, for that user alone', async (t) => {
    const place = await aPlace(stores)
    await postNote(stores, place, 'old')

    await timeline.markRead(place.event_id, place.owner, await getSeq(stores, place))

    t.match(await getRoomSources(stores, place, '/catchup'), { readPosition: 0, messages: [{ content: 'old' }] })
    await postNote(stores, { ...place, owner: place.other }, 'new')
    const roomOfOther = await getRoomSources(stores, { ...place, owner: place.other }, '/catchup')
    t.equal(roomOfOther?.messages.length, 2)
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

    const user_id = place.owner
    const asked = { event_id: place.event_id, user_id, session_id, question: 'And now?' }
    const context = await sources.findContext(asked, CONTEXT_LIMITS)

    const stored = await messages.ask(aQuestion(place, { text: 'And now?' }))
    const expected = await replies.findContext(stored.reply.message.message_id, CONTEXT_LIMITS)
    const { asker, ...rest } = expected ?? {}
    t.same({ ...context, event: null }, { ...rest, event: null })
    t.match(asker, { user_id, active: true, role: 'engineer', accessAndRole: { access: 'open', role: null } })
    t.match(context, { summary_updated: true, history: [{ question: 'Why?', answer: 'Money.' }] })
  })

  t.test('[CMD3] a preview without a session has no history; without an event there is no context', async (t) => {
    const { event_id, owner: user_id } = await aPlace(stores)
    const now = { event_id, user_id, session_id: null, question: 'And now?' }
    const context = await sources.findContext(now, CONTEXT_LIMITS)
    t.same([context?.history, context?.summary_updated], [[], false])
    t.equal(await sources.findContext({ ...now, event_id: createId() }, CONTEXT_LIMITS), undefined)
  })

  t.test('[CMD4] a session’s carry-over is in the contexts of its questions, and in no other context', async (t) => {
    const place = await aPlace(stores)
    const { event_id, owner: user_id } = place
    const session_id = createId()
    const carried_over = 'Q: Why?\nA: Money.'
    await sessions.create({ session_id, event_id, user_id, visibility: 'private', max_rounds: 10, carried_over })
    const { reply } = await messages.ask(aQuestion(place, { text: 'And now?' }))
    t.match(await replies.findContext(reply.message.message_id, CONTEXT_LIMITS), { carried_over })
    t.match(await sources.findContext({ event_id, user_id, session_id, question: 'x' }, CONTEXT_LIMITS), {
      carried_over,
    })
    const other = await messages.ask(aQuestion(place, { user_id: place.other }))
    t.match(await replies.findContext(other.reply.message.message_id, CONTEXT_LIMITS), { carried_over: null })
  })
}

/** Reads what the room has for a question that the place's owner asks now, in a new session. */
async function getRoomSources(
  stores: Stores,
  { event_id, owner: user_id }: Place,
  question = '/summary',
  kinds: Iterable<ContextSourceKind> = CONTEXT_LIMITS.kinds,
) {
  const asked = { event_id, user_id, session_id: null, question }
  return (await stores.sources.findContext(asked, { ...CONTEXT_LIMITS, kinds: new Set(kinds) }))?.room
}

async function aRound(
  stores: Stores,
  place: Place,
  text: string,
  content: MessageContent,
  visibility: 'room' | 'private' = 'room',
): Promise<string> {
  const { reply } = await stores.messages.ask(aQuestion(place, { text, visibility, max_rounds: 100 }))
  await answerReply(stores, reply.message.message_id, content)
  return reply.message.message_id
}

const pin = (stores: Stores, { event_id, owner }: Place, message_id: string) =>
  stores.pins.pin(event_id, message_id, { user_id: owner, audiences: ['all', 'people', owner] })
