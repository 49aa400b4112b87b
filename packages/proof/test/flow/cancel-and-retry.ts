import { createEventAs, FIRST_DELTA, type Fixture } from '@engineer-chat/proof'
import type { Message, SendResult } from '@engineer-chat/protocol'
import type { Test } from 'tap'

const CANCELLED = { message_type: 'chat', message_content: { finish_reason: 'cancelled' } }

export function proveCancel(t: Test, fixture: Fixture): void {
  const { alice, model } = fixture
  const cancel = ({ ai_message: { message_id } }: SendResult, nodeIndex: number) =>
    alice.call<Message>(fixture.getApiUrl(nodeIndex), 'POST', `/api/engineer-chat/messages/${message_id}/cancel`)

  t.test(
    '[PROOF4] a reply that waits for an earlier reply is cancelled immediately, and no model is called',
    async (t) => {
      const { event_id, paused } = await askInNewEvent(fixture, 'first-question')
      const second = (await alice.ask(fixture.getApiUrl(0), event_id, 'second-question')).body

      const cancelled = await cancel(second, 1)

      t.match(cancelled, { status: 200, body: CANCELLED })
      paused.resume()
      const third = (await alice.ask(fixture.getApiUrl(0), event_id, 'third-question')).body
      await alice.waitForReply(fixture.getApiUrl(0), third)
      // Replies of a session are answered in order, so an uncancelled second question would have reached the model
      // before the third was answered.
      const questions = model.calls.map(({ question }) => question)
      t.notOk(questions.some((question) => question.includes('second-question')))
    },
  )

  t.test('[PROOF4] a reply in progress keeps the text that it has when it is cancelled', async (t) => {
    const { sendResult } = await askInNewEvent(fixture, 'claimed-question')

    const cancelled = await cancel(sendResult, 1)

    t.equal(cancelled.status, 200)
    const reply = await alice.waitForReply(fixture.getApiUrl(0), sendResult)
    t.match(reply, CANCELLED)
    t.equal(reply.message_content.content, FIRST_DELTA)
  })

  t.test('[PROOF4] when a cancel and a finish race, exactly one of them ends the reply', async (t) => {
    const { sendResult, paused } = await askInNewEvent(fixture, 'raced-question')

    paused.resume()
    await cancel(sendResult, 0)

    const reply = await alice.waitForReply(fixture.getApiUrl(0), sendResult)
    t.match(reply.message_content.finish_reason, /^(stop|cancelled)$/)
    t.match(
      await cancel(sendResult, 0),
      { status: 200, body: { seq: reply.seq } },
      'a cancel of a finished reply returns the reply',
    )
  })
}

export function proveRetry(t: Test, fixture: Fixture): void {
  const { alice, model } = fixture
  const retry = ({ ai_message: { message_id } }: SendResult) =>
    alice.call<Message>(fixture.getApiUrl(1), 'POST', `/api/engineer-chat/messages/${message_id}/retry`)

  t.test('[PROOF5] a failed reply names its error and no detail of the provider', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    model.failWith('fail-once', 401)

    const failed = await alice.waitForReply(
      fixture.getApiUrl(0),
      (await alice.ask(fixture.getApiUrl(0), event_id, 'fail-once')).body,
    )

    const content = { error: { code: 'llm_unauthorized' } }
    t.match(failed, { message_type: 'error', sender_type: 'system', message_content: content })
    t.notMatch(JSON.stringify(failed), /secret of the host/)
  })

  t.test('[PROOF5] a failed reply that is retried is answered at its position', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    model.failWith('try-again', 401)
    const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, 'try-again')).body
    const failed = await alice.waitForReply(fixture.getApiUrl(0), sendResult)

    const retried = await retry(sendResult)

    t.match(retried, { status: 200, body: { message_type: 'thinking' } })
    t.ok(retried.body.seq > failed.seq)
    const reply = await alice.waitForReply(fixture.getApiUrl(0), sendResult)
    t.match(reply, { message_type: 'chat', position: sendResult.ai_message.position })
    t.match(reply.message_content.content, /^Answer to: .*try-again/)
  })

  t.test('[PROOF5] a successful reply that is retried is answered at its position', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const sendResult = (await alice.ask(fixture.getApiUrl(0), event_id, 'good-already')).body
    await alice.waitForReply(fixture.getApiUrl(0), sendResult)

    const retried = await retry(sendResult)

    t.match(retried, { status: 200, body: { message_type: 'thinking' } })
    const reply = await alice.waitForReply(fixture.getApiUrl(0), sendResult)
    t.match(reply, { message_type: 'chat', position: sendResult.ai_message.position })
    t.match(reply.message_content.content, /^Answer to: .*good-already/)
  })
}

/** Asks a question in a new event. Its answer pauses after the first delta until the test resumes it. */
async function askInNewEvent({ alice, model, getApiUrl }: Fixture, question: string) {
  const event_id = await createEventAs(getApiUrl(0), alice)
  const paused = model.pauseAfterFirstDelta(question)
  const sendResult = (await alice.ask(getApiUrl(0), event_id, question)).body
  await paused.started
  return { event_id, sendResult, paused }
}
