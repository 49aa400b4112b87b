import type { Message } from '@engineer-chat/protocol'
import t, { type Test } from 'tap'
import { createHarness, type TestCaller } from '../harness.ts'
import { checkProblem } from '../problems.ts'

const AGENT_POST = { message_from: '_expert', message_type: 'llm_response', round_id: 1 }

async function setUp(t: Test) {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const [alice, bob, captain] = [
    await harness.signUp('alice'),
    await harness.signUp('bob'),
    await harness.signUp('captain', 'agent'),
  ]
  const event_id = await harness.createEvent(alice)
  const post = (caller: TestCaller, message: string, fields: object = {}, room = event_id) =>
    caller.call('POST', `/api/events/${room}/messages`, { message, ...fields })
  const send = (caller: TestCaller, message: string, fields: object = {}) =>
    caller.call('POST', '/api/engineer-chat/send', { event_id, message, ...fields })
  const read = async (caller: TestCaller): Promise<Message[]> =>
    (await caller.call('GET', `/api/events/${event_id}/messages`)).json().messages
  /** Asks a question in a session of this visibility, and answers it. */
  const askAndAnswer = async (caller: TestCaller, visibility: 'private' | 'room', content = 'Isolate WS-7 first.') => {
    const { ai_message, session_id } = (await send(caller, 'What first?', { visibility })).json()
    const claim = await harness.stores.replies.claim(ai_message.message_id, 60_000)
    const ref = { message_id: ai_message.message_id, attempt: claim?.row.attempt ?? 0 }
    await harness.stores.replies.finish(ref, { type: 'chat', content: { content } })
    return { message_id: ref.message_id, session_id }
  }
  return { harness, alice, bob, captain, event_id, post, send, read, askAndAnswer }
}

t.test('[QUOTE1] all readers of a post or a question get its quote, with author and time', async (t) => {
  const { alice, bob, captain, post, send, read } = await setUp(t)
  const quotedPost: Message = (await post(bob, 'WS-7 beacons\nto evil.example')).json()
  // Differences of white space do not matter. The stored text is the one of the quoted message.
  const quote = { message_id: quotedPost.message_id, text: 'beacons to evil.example' }
  const stored = {
    message_id: quotedPost.message_id,
    message_from: bob.user_id,
    message_category: 'room',
    user_id: bob.user_id,
    created_at: quotedPost.created_at,
    text: 'beacons\nto evil.example',
  }
  const quotingPost = await post(alice, 'Since when?', { quote })
  t.equal(quotingPost.statusCode, 201)
  t.same(quotingPost.json().message_content, { content: 'Since when?', quote: stored })
  const sentQuestion = await send(alice, 'Is it ours?', { quote })
  t.same(sentQuestion.json().user_message.message_content.quote, stored)
  for (const caller of [bob, captain]) t.same((await read(caller)).at(1)?.message_content.quote, stored)
})

t.test('[QUOTE1] a text that the message does not contain is refused, and nothing is stored', async (t) => {
  const { alice, bob, post, send, read } = await setUp(t)
  const { message_id } = (await post(bob, 'Do not isolate WS-7.')).json()
  const quote = { message_id, text: 'Do isolate WS-7.' }
  checkProblem(t, await post(alice, 'As you say', { quote }), 422, 'quote_mismatch')
  checkProblem(t, await send(alice, 'Why?', { quote }), 422, 'quote_mismatch')
  t.equal((await read(alice)).length, 1)
})

t.test('[QUOTE2] a quote of 1,000 characters is stored; a longer or empty one is refused', async (t) => {
  const { alice, bob, post } = await setUp(t)
  const { message_id } = (await post(bob, 'x'.repeat(1_001))).json()
  t.equal((await post(alice, 'Hm', { quote: { message_id, text: 'x'.repeat(1_000) } })).statusCode, 201)
  for (const text of ['x'.repeat(1_001), '', ' ', 'x\0', '\ud800']) {
    checkProblem(t, await post(alice, 'Hm', { quote: { message_id, text } }), 400, 'validation_failed')
  }
  for (const quote of [{ message_id }, { text: 'x' }, 'x', { message_id: 'a b', text: 'x' }, null]) {
    checkProblem(t, await post(alice, 'Hm', { quote }), 400, 'validation_failed')
  }
})

t.test('[QUOTE3] a user cannot quote a message that they may not read', async (t) => {
  const { harness, alice, bob, post, send, askAndAnswer } = await setUp(t)
  const admin = await harness.signUp('root', 'admin')
  const privateReply = await askAndAnswer(alice, 'private')
  const restrictedEvent = await harness.createEvent(alice, { access: 'restricted' })
  const restrictedPost = (await post(alice, 'Isolate WS-7 first.', {}, restrictedEvent)).json()
  for (const message_id of [privateReply.message_id, restrictedPost.message_id, 'no-such-message']) {
    const quote = { message_id, text: 'Isolate WS-7 first.' }
    for (const caller of [bob, admin]) {
      checkProblem(t, await post(caller, 'Really?', { quote }), 404, 'message_not_found')
      checkProblem(t, await send(caller, 'Really?', { quote }), 404, 'message_not_found')
    }
  }
  const quote = { message_id: restrictedPost.message_id, text: 'Isolate' }
  checkProblem(t, await post(alice, 'Mine, of another event', { quote }), 404, 'message_not_found')
  checkProblem(t, await post(bob, 'x', { quote }, restrictedEvent), 404, 'event_not_found')
})

t.test('[QUOTE3] observers and agents may not quote', async (t) => {
  const { harness, alice, bob, captain, event_id, post, send } = await setUp(t)
  await harness.putMember(alice, event_id, bob, 'observer')
  const { message_id } = (await post(alice, 'WS-7 beacons')).json()
  const quote = { message_id, text: 'WS-7' }
  for (const caller of [bob, captain]) {
    checkProblem(t, await post(caller, 'x', { quote }), 403, 'forbidden')
    checkProblem(t, await send(caller, 'x', { quote }), 403, 'forbidden')
  }
})

t.test('[QUOTE3] a private answer can be quoted only in a private question, until its session is shared', async (t) => {
  const { alice, bob, send, post, askAndAnswer, read } = await setUp(t)
  const { message_id, session_id } = await askAndAnswer(alice, 'private')
  const quote = { message_id, text: 'Isolate WS-7 first.' }
  checkProblem(t, await post(alice, 'The AI says', { quote }), 409, 'quote_private')
  checkProblem(t, await send(alice, 'Why?', { quote, visibility: 'room' }), 409, 'quote_private')
  t.equal((await send(alice, 'Why?', { quote, visibility: 'private' })).statusCode, 200)
  t.same(await read(bob), [])
  await alice.call('POST', `/api/engineer-chat/sessions/${session_id}/share`)
  t.equal((await post(alice, 'The AI says', { quote })).statusCode, 201)
  t.equal((await send(alice, 'Why?', { quote, visibility: 'room' })).statusCode, 200)
})

t.test('[QUOTE3] sharing a session also shares its quotes, but the quoted session stays private', async (t) => {
  const { alice, bob, event_id, send, askAndAnswer, read } = await setUp(t)
  const quoted = await askAndAnswer(alice, 'private')
  await alice.call('POST', '/api/engineer-chat/new-session', { event_id, visibility: 'private' })
  const quote = { message_id: quoted.message_id, text: 'Isolate WS-7' }
  const { session_id } = (await send(alice, 'Why?', { quote, visibility: 'private' })).json()
  t.not(session_id, quoted.session_id)
  await alice.call('POST', `/api/engineer-chat/sessions/${session_id}/share`)
  const [question, ...others] = await read(bob)
  t.match(question?.message_content, { content: 'Why?', quote: { text: 'Isolate WS-7' } })
  t.ok(others.every(({ chat_session_id }) => chat_session_id === session_id))
})

t.test('[QUOTE4] a post that quotes a shared chat is hidden from agents', async (t) => {
  const { alice, bob, captain, event_id, post, askAndAnswer, read } = await setUp(t)
  const { message_id } = await askAndAnswer(alice, 'room')
  const posted = await post(bob, 'I do that', { quote: { message_id, text: 'Isolate WS-7' } })
  t.match(posted.json(), { message_category: 'room', visibility: 'room' })
  // The quoted reply belongs to its asker Alice.
  t.match((await read(alice)).at(-1)?.message_content, { content: 'I do that', quote: { user_id: alice.user_id } })
  t.same(await read(captain), [])
  t.same((await captain.call('GET', `/api/events/${event_id}/search?q=Isolate`)).json().messages, [])
  t.notMatch((await captain.call('GET', `/api/events/${event_id}/export?format=json`)).body, 'Isolate WS-7')
})

t.test(
  '[QUOTE4] a post that quotes a hidden post is also hidden from agents, and its quote is marked as for people only',
  async (t) => {
    const { alice, bob, captain, post, read, askAndAnswer } = await setUp(t)
    const { message_id } = await askAndAnswer(alice, 'room')
    const hiddenPost = (await post(bob, 'I do that', { quote: { message_id, text: 'Isolate WS-7' } })).json()
    await post(alice, 'Thanks', { quote: { message_id: hiddenPost.message_id, text: 'I do that' } })
    t.match((await read(bob)).at(-1)?.message_content, { content: 'Thanks', quote: { people_only: true } })
    t.same(await read(captain), [])
    const visiblePost = (await post(bob, 'For all')).json()
    await post(alice, 'Yes', { quote: { message_id: visiblePost.message_id, text: 'For all' } })
    t.equal((await read(captain)).length, 2, 'the agent gets the visible post, and the one that quotes it')
    t.notMatch((await read(captain)).at(-1)?.message_content.quote, { people_only: true })
  },
)

t.test(
  '[QUOTE5] after a retry of the quoted reply, the quote stays, and a repeated request with the quote is answered',
  async (t) => {
    const { harness, alice, send, post, askAndAnswer, read } = await setUp(t)
    const { message_id } = await askAndAnswer(alice, 'room')
    const quote = { message_id, text: 'Isolate WS-7' }
    const [questionFields, postFields] = [
      { quote, client_message_id: 'k1' },
      { quote, client_message_id: 'k2' },
    ]
    const sentQuestion = (await send(alice, 'Why?', questionFields)).json()
    const posted = (await post(alice, 'I do that', postFields)).json()
    await harness.stores.messages.retry(alice.user_id, message_id)
    const latePost = await post(alice, 'Too late', { quote })
    checkProblem(t, latePost, 422, 'quote_mismatch', 'the reply has no text while it is retried')
    const rows = await read(alice)
    for (const id of [sentQuestion.user_message.message_id, posted.message_id]) {
      const row = rows.find((message) => message.message_id === id)
      t.match(row?.message_content.quote, quote)
    }
    t.equal(
      (await send(alice, 'Why?', questionFields)).json().user_message.message_id,
      sentQuestion.user_message.message_id,
    )
    t.equal((await post(alice, 'I do that', postFields)).json().message_id, posted.message_id)
  },
)

t.test('[QUOTE5] a request with a used key and another quote, or with no quote, is refused', async (t) => {
  const { alice, bob, post, send } = await setUp(t)
  const { message_id } = (await post(bob, 'WS-7 beacons')).json()
  const quote = { message_id, text: 'WS-7' }
  await post(alice, 'Since when?', { quote, client_message_id: 'k1' })
  await send(alice, 'Since when?', { quote, client_message_id: 'k2' })
  for (const other of [{ quote: { ...quote, text: 'beacons' } }, {}]) {
    const reused = await post(alice, 'Since when?', { ...other, client_message_id: 'k1' })
    checkProblem(t, reused, 422, 'idempotency_mismatch')
    checkProblem(
      t,
      await send(alice, 'Since when?', { ...other, client_message_id: 'k2' }),
      422,
      'idempotency_mismatch',
    )
  }
})

t.test('[QUOTE6] a quote mentions nobody and adds no indicator, but a search finds it', async (t) => {
  const { alice, bob, event_id, post } = await setUp(t)
  const { message_id } = (await post(bob, 'ask @bob about evil.example')).json()
  const quote = { message_id, text: '@bob about evil.example' }
  const posted: Message = (await post(alice, 'Done.', { quote })).json()
  t.same([posted.mentions, posted.indicators], [undefined, undefined])
  const { messages } = (await alice.call('GET', `/api/events/${event_id}/search?q=evil.example`)).json()
  t.same(
    messages.map((found: Message) => found.message_id),
    [posted.message_id, message_id],
    'the newest message comes first',
  )
})

t.test('[QUOTE6] an export contains the quote as data, with author and time', async (t) => {
  const { alice, bob, event_id, post } = await setUp(t)
  const quotedPost: Message = (await post(bob, 'line *one*\n# line two invoice\u202efdp.exe')).json()
  // A reader copies the quoted text from a page, which shows U+202E as `⟨U+202E⟩`.
  await post(alice, 'Why?', {
    quote: { message_id: quotedPost.message_id, text: '*one* # line two invoice⟨U+202E⟩fdp.exe' },
  })
  const read = async (query: string) => (await alice.call('GET', `/api/events/${event_id}/export?${query}`)).body
  const block = `> > \`\`\`text\n> > *one*\n> > # line two invoice⟨U+202E⟩fdp.exe\n> > \`\`\`\n>\n> Why?`
  t.ok((await read('format=markdown')).includes(`> Quotes bob, ${quotedPost.created_at}:\n>\n${block}`))
  t.ok((await read('format=markdown&language=zh')).includes(`> 引用 bob，${quotedPost.created_at}：\n>\n${block}`))
  t.match(JSON.parse(await read('format=json')).messages[1].message.message_content.quote, { user_id: bob.user_id })
})

t.test('[QUOTE7] a field `quote` in an agent’s content is ordinary data and not a quote', async (t) => {
  const { captain, alice, event_id, read } = await setUp(t)
  const quote = { message_id: 'm1', message_from: 'u-bob', message_category: 'room', user_id: 'u-bob', created_at: 'x' }
  const message_content = { content: 'Done.', quote: { ...quote, text: 'I did it' } }
  await captain.call('POST', `/api/events/${event_id}/messages`, { ...AGENT_POST, message_content })
  t.same((await read(alice))[0]?.message_content, message_content)
  const { body } = await alice.call('GET', `/api/events/${event_id}/export?format=markdown`)
  t.notMatch(body, 'Quotes')
  t.match(body, 'I did it')
})

t.test('[PROMPT6] a preview accepts and refuses a quote as `send` does', async (t) => {
  const { alice, bob, event_id, post, askAndAnswer } = await setUp(t)
  const { message_id } = (await post(bob, 'WS-7 beacons')).json()
  const preview = (quote: object, fields: object = {}) =>
    alice.call('POST', '/api/engineer-chat/preview', { event_id, message: 'Why?', quote, ...fields })
  t.equal((await preview({ message_id, text: 'WS-7' })).statusCode, 200)
  checkProblem(t, await preview({ message_id, text: 'WS-8' }), 422, 'quote_mismatch')
  const ownPrivateQuote = { message_id: (await askAndAnswer(alice, 'private')).message_id, text: 'Isolate' }
  checkProblem(t, await preview(ownPrivateQuote, { visibility: 'room' }), 409, 'quote_private')
  t.equal((await preview(ownPrivateQuote)).statusCode, 200)
})
