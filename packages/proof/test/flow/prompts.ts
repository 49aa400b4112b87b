import { createAnswer, createEventAs, FIRST_DELTA, type Fixture } from '@engineer-chat/proof'
import type { Message } from '@engineer-chat/protocol'
import type { Test } from 'tap'

export function provePrompts(t: Test, fixture: Fixture): void {
  const { alice, bob, agent, model } = fixture

  t.test(
    '[PROOF6] a prompt contains its session and what people wrote or pinned, but no other session or agent’s message',
    async (t) => {
      const event_id = await askAmongOthers(fixture)

      const sendResult = (await alice.ask(fixture.getApiUrl(1), event_id, 'two-marigold')).body
      await alice.waitForReply(fixture.getApiUrl(1), sendResult)

      const prompt = model.calls.find((call) => call.question.includes('two-marigold'))?.requestBody ?? ''
      t.ok(prompt.includes('one-marigold') && prompt.includes(FIRST_DELTA), 'the earlier question and its answer')
      t.ok(prompt.includes('person-marigold') && prompt.includes('pinned-marigold'))
      for (const forbidden of ['agent-marigold', 'bob-marigold']) t.notOk(prompt.includes(forbidden))
      t.equal(prompt.split('two-marigold').length, 2, 'the prompt contains the question once')
    },
  )

  t.test('[PROOF6] an agent sees the messages of agents and people, but no chat with the AI', async (t) => {
    const event_id = await askAmongOthers(fixture)

    const page = await agent.call<{ messages: Array<{ message_category: string }> }>(
      fixture.getApiUrl(0),
      'GET',
      `/api/events/${event_id}/messages`,
    )

    t.same(
      page.body.messages.map((message) => message.message_category),
      ['agent', 'agent', 'room'],
    )
  })

  t.test('[CMD5] a command has its own prompt and is answered from what people wrote, with citations', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const post = await bob.call<Message>(fixture.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
      message: 'bob-primrose isolated it',
    })
    // Bob's message is the only one of the room, so it is the first of the prompt's messages.
    model.streamText('primrose', 'It is isolated [msg1].', { deltaCharacters: 100, pauseMs: 1 })

    const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, '@AI /summary primrose')).body
    const answer = await alice.waitForReply(fixture.getApiUrl(1), sendResult)

    t.match(answer.message_content, {
      prompt_version: /^summary\//,
      citations: [{ id: 'msg1', message_id: post.body.message_id, supported: true }],
    })
    const call = model.calls.find(({ question }) => question.includes('primrose'))
    t.match(call?.requestBody, 'bob-primrose isolated it')
  })

  t.test(
    '[CMD7] /timeline and /postmortem have their own prompts, and mark sentences for which the model cites no source',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      await bob.call(fixture.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
        message: 'bob-oleander cut it off',
      })
      for (const command of ['timeline', 'postmortem']) {
        const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, `/${command} oleander`)).body
        const { message_content } = await alice.waitForReply(fixture.getApiUrl(1), sendResult)
        t.match(message_content.prompt_version, new RegExp(`^${command}/`))
        t.match(message_content.content, /\[no source\]$/)
      }
      const calls = model.calls.filter(({ question }) => question.includes('oleander'))
      t.equal(calls.length, 2)
      for (const { requestBody } of calls) t.match(requestBody, 'bob-oleander cut it off')
    },
  )
}

const SECRETS = { key: 'AKIAQWERTYUIOPASDFGH', password: 'Winter2026!horse', card: '4111111111111111' }

export function proveSecrets(t: Test, fixture: Fixture): void {
  const { alice, model, product } = fixture
  const { key, password, card } = SECRETS
  const openEventWithSecrets = () =>
    createEventAs(fixture.getApiUrl(0), alice, { message: `In the dump: DB_PASSWORD=${password} and ${key}` })

  t.test('[SECRET1] no secret reaches the provider or a log, and the answer contains the secrets', async (t) => {
    const event_id = await openEventWithSecrets()
    const question = `is ${key} of marigold-7 ours, and whose card is ${card}?`

    const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, question)).body
    const answer = await alice.waitForReply(fixture.getApiUrl(0), sendResult)

    t.equal(
      answer.message_content.content,
      createAnswer(question),
      'the secrets are put back in an answer that is streamed in deltas',
    )
    const calls = model.calls.filter((call) => call.question.includes('marigold-7'))
    t.equal(calls.length, 1)
    const logs = [...product.apis, ...product.workers].flatMap((running) => running.log).join('\n')
    for (const secret of Object.values(SECRETS)) {
      t.notOk(calls[0]?.requestBody.includes(secret), 'not in the request')
      t.notOk(logs.includes(secret), 'not in a log')
    }
  })

  t.test('[SECRET1] a preview shows the question without its secrets', async (t) => {
    const event_id = await openEventWithSecrets()
    const body = { event_id, message: `is ${key} ours, and whose card is ${card}?` }
    const preview = await alice.call(fixture.getApiUrl(1), 'POST', '/api/engineer-chat/preview', body)
    t.equal(preview.status, 200)
    for (const secret of Object.values(SECRETS)) t.notOk(preview.text.includes(secret))
  })
}

/**
 * Opens an event, posts two messages of an agent, of which bob pins one, and a message of bob. Then bob asks one
 * question and alice another, and both are answered. Returns the id of the event.
 */
async function askAmongOthers({ alice, bob, agent, getApiUrl }: Fixture): Promise<string> {
  const event_id = await createEventAs(getApiUrl(0), alice)
  const postAsExpert = (content: string) =>
    agent.call<Message>(getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, {
      message_from: '_expert',
      message_type: 'execution_summary_generated',
      message_content: { content, data: { more: 1 } },
    })
  await postAsExpert('agent-marigold')
  const pinned = (await postAsExpert('pinned-marigold')).body
  await bob.call(getApiUrl(0), 'PUT', `/api/events/${event_id}/pins/${pinned.message_id}`)
  await bob.call(getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'person-marigold' })
  await bob.waitForReply(getApiUrl(0), (await bob.ask(getApiUrl(0), event_id, 'bob-marigold')).body)
  await alice.waitForReply(getApiUrl(1), (await alice.ask(getApiUrl(1), event_id, 'one-marigold')).body)
  return event_id
}
