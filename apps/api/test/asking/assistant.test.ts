import t from 'tap'
import { createHarness } from '../harness.ts'

/** An access key of AWS has this form. */
const SECRET = 'AKIAABCDEFGHIJKLMNOP'
const OUTSIDE_CATALOGUE = {
  default: 'm-1',
  models: [
    {
      id: 'm-1',
      provider: 'openai-compatible',
      context_window: null,
      max_tokens: null,
      prices: null,
      choose_for: [],
      fallbacks: [],
    },
  ],
}

t.test('[CMD6] a preview shows what would be sent, without its secrets, and stores nothing', async (t) => {
  const harness = await createHarness({ deps: { models: OUTSIDE_CATALOGUE } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice, { message: `A log with ${SECRET} in it` })
  const seqsBefore = JSON.stringify(await harness.stores.timeline.readSeqs([event_id]))
  const response = await alice.call('POST', '/api/engineer-chat/preview', {
    event_id,
    message: `@AI is ${SECRET} ours?`,
  })
  t.equal(response.statusCode, 200)
  const preview = response.json()
  t.match(preview, {
    model: 'm-1',
    provider: 'openai-compatible',
    leaves: true, // False would mean that the offline analyst answers.
    prompt_version: /^answer\/\d+$/,
    // The event and the question contain the same secret, so there is only one placeholder.
    hidden: [{ placeholder: '[[KEY-1]]', kind: 'KEY' }],
  })
  t.equal(preview.hidden.length, 1)
  t.equal(preview.turns.at(-1).content, 'is [[KEY-1]] ours?')
  t.notMatch(response.body, SECRET)
  t.ok(preview.estimated_tokens > 0 && preview.estimated_tokens <= preview.budget_tokens)
  t.equal(JSON.stringify(await harness.stores.timeline.readSeqs([event_id])), seqsBefore, 'no sequence number was used')
  t.same((await alice.call('GET', `/api/engineer-chat/sessions?event_id=${event_id}`)).json().items, [])
  t.notMatch(JSON.stringify(harness.log), SECRET)

  const refused = await alice.call('POST', '/api/engineer-chat/preview', { event_id, message: 'x', model: 'unknown' })
  t.match(refused.json(), { code: 'model_unknown' })
})

t.test('[CMD6] a preview for the offline analyst shows that no prompt is sent to a model', async (t) => {
  const harness = await createHarness()
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const preview = (await alice.call('POST', '/api/engineer-chat/preview', { event_id, message: '/summary' })).json()
  t.match(preview, { provider: 'offline', leaves: false, prompt_version: /^summary/ })
  t.same(preview.turns, [])
})

t.test(
  '[CMD6] a preview requires the same rights as sending the question, and is refused for the same reasons',
  async (t) => {
    const harness = await createHarness({ deps: { models: OUTSIDE_CATALOGUE } })
    t.teardown(() => harness.close())
    const [alice, bob, captain] = [
      await harness.signUp('alice'),
      await harness.signUp('bob'),
      await harness.signUp('captain', 'agent'),
    ]
    const event_id = await harness.createEvent(alice, { access: 'restricted' })
    const alicesQuestion = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'mine' })).json()
    const bodies = [
      { event_id, message: 'x' },
      { event_id: 'none', message: 'x' },
      { event_id, message: '' },
    ]
    const alicesSession = { event_id, message: 'x', session_id: alicesQuestion.session_id }
    for (const caller of [alice, bob, captain]) {
      // Alice may use her own session. For others, the session is a reason for a refusal.
      for (const body of caller === alice ? bodies : [...bodies, alicesSession]) {
        const [sent, preview] = [
          await caller.call('POST', '/api/engineer-chat/send', body),
          await caller.call('POST', '/api/engineer-chat/preview', body),
        ]
        t.same([preview.statusCode, preview.json().code], [sent.statusCode, sent.json().code], JSON.stringify(body))
      }
    }
    await harness.putMember(alice, event_id, bob, 'observer')
    t.equal((await bob.call('POST', '/api/engineer-chat/preview', { event_id, message: 'x' })).statusCode, 403)
    await harness.putMember(alice, event_id, bob, 'responder')
    t.match((await bob.call('POST', '/api/engineer-chat/preview', alicesSession)).json(), { code: 'session_not_found' })
    const mismatch = { ...alicesSession, visibility: 'room' }
    t.match((await alice.call('POST', '/api/engineer-chat/preview', mismatch)).json(), {
      code: 'session_visibility_mismatch',
    })
  },
)

t.test('[CMD4] a new session can carry over the content of the user’s previous session', async (t) => {
  const harness = await createHarness({ deps: { models: OUTSIDE_CATALOGUE } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  const startSession = (fields: object) => alice.call('POST', '/api/engineer-chat/new-session', { event_id, ...fields })
  t.equal((await startSession({ carry_over: true })).statusCode, 201, 'a new session without an earlier one is empty')
  const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'Who did it?' })).json()
  const { message_id } = sent.ai_message
  const claim = await harness.stores.replies.claim(message_id, 60_000)
  await harness.stores.replies.finish(
    { message_id, attempt: claim?.row.attempt ?? 0 },
    { type: 'chat', content: { content: 'Mallory did.' } },
  )
  // The previous session is private, so its content may not enter a session for the room.
  t.match((await startSession({ carry_over: true, visibility: 'room' })).json(), {
    code: 'session_visibility_mismatch',
  })
  t.equal((await startSession({ carry_over: true })).statusCode, 201)
  const preview = await alice.call('POST', '/api/engineer-chat/preview', { event_id, message: 'And now?' })
  t.match(preview.json().turns[0].content, /old1 earlier session\nQ: Who did it\?\nA: Mallory did\./)
  await startSession({}) // Without `carry_over`, a session begins empty.
  const laterPreview = await alice.call('POST', '/api/engineer-chat/preview', { event_id, message: 'And now?' })
  t.notMatch(laterPreview.body, 'Mallory')
})

t.test('[FILTER8] only admins see flagged replies, and by default not the text of private ones', async (t) => {
  for (const isPrivateTextShown of [false, true]) {
    const harness = await createHarness({ env: { ENGINEER_CHAT_REVIEW_PRIVATE_TEXT: String(isPrivateTextShown) } })
    t.teardown(() => harness.close())
    const [alice, root] = [await harness.signUp('alice'), await harness.signUp('root', 'admin')]
    const event_id = await harness.createEvent(alice)
    const createFlaggedReply = async (visibility: 'private' | 'room'): Promise<string> => {
      await alice.call('POST', '/api/engineer-chat/new-session', { event_id, visibility })
      const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'x' })).json()
      const { message_id } = sent.ai_message
      const claim = await harness.stores.replies.claim(message_id, 60_000)
      const hits = [{ kind: 'remote_image' as const, count: 1, examples: [`hxxps://a[.]example/${visibility}`] }]
      const content = { content: `the text for ${visibility}` }
      await harness.stores.replies.finish(
        { message_id, attempt: claim?.row.attempt ?? 0 },
        { type: 'chat', content, findings: hits },
      )
      return message_id
    }
    const [privateReply, sharedReply] = [await createFlaggedReply('private'), await createFlaggedReply('room')]
    t.equal((await alice.call('GET', '/api/admin/flagged-replies')).statusCode, 403)
    const listed = (await root.call('GET', '/api/admin/flagged-replies')).json().items
    t.equal(listed.length, 2)
    const findListed = (id: string) => listed.find((item: { message_id: string }) => item.message_id === id)
    t.match(findListed(sharedReply), {
      text: 'the text for room',
      hits: [{ kind: 'remote_image', examples: [/room/] }],
    })
    t.match(
      findListed(privateReply),
      isPrivateTextShown
        ? { text: 'the text for private', hits: [{ examples: [/private/] }] }
        : { text: null, hits: [{ kind: 'remote_image', count: 1, examples: { length: 0 } }] },
    )

    const judge = (id: string) =>
      root.call('PUT', `/api/admin/flagged-replies/${id}/verdict`, { verdict: 'harmless', note: 'ours' })
    t.match((await judge(privateReply)).json(), { verdict: 'harmless', note: 'ours', reviewed_by: root.user_id })
    t.equal((await judge('nothing')).statusCode, 404)
    t.equal(
      (await alice.call('PUT', `/api/admin/flagged-replies/${sharedReply}/verdict`, { verdict: 'harmful' })).statusCode,
      403,
    )
    const unreviewed = (await root.call('GET', '/api/admin/flagged-replies?verdict=none')).json().items
    t.same(
      unreviewed.map((item: { message_id: string }) => item.message_id),
      [sharedReply],
      'the private reply has a verdict',
    )
    const { items } = await harness.stores.audit.list({ limit: 100 })
    t.ok(
      items.some(
        (entry) => entry.action === 'reply_judged' && entry.object_id === privateReply && entry.actor === root.user_id,
      ),
    )
    const views = items.filter((entry) => entry.detail === 'private_text')
    t.same(
      new Set(views.map((entry) => entry.object_id)),
      new Set(isPrivateTextShown ? [privateReply] : []),
      'an audit entry is added when an admin is shown a private text',
    )
  }
})
