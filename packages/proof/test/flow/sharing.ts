import { createEventAs, FIRST_DELTA, type Fixture } from '@engineer-chat/proof'
import type { ReplySnapshot } from '@engineer-chat/protocol'
import type { Test } from 'tap'
import { isRowWithId, postEndMarker } from './frames.ts'

export function proveSharing(t: Test, fixture: Fixture): void {
  const { alice, bob, agent } = fixture

  t.test(
    '[PROOF3] when a session is shared during an answer, others get its rows, the text so far and the rest',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice)
      const follower = await bob.follow(fixture.getApiUrl(1), event_id)
      const { sendResult, paused } = await askAndPause(fixture, event_id, 'share-me please')
      const reply_id = sendResult.ai_message.message_id

      const shared = await alice.call(
        fixture.getApiUrl(0),
        'POST',
        `/api/engineer-chat/sessions/${sendResult.session_id}/share`,
      )

      t.equal(shared.status, 200)
      await follower.waitForFrame('the question', isRowWithId(sendResult.user_message.message_id))
      const { text } = await follower.waitForFrame(
        'a snapshot',
        (frame): frame is ReplySnapshot => frame.type === 'snapshot' && frame.message_id === reply_id,
      )
      t.equal(text, FIRST_DELTA)
      paused.resume()
      const { message } = await follower.waitForFinalRow(reply_id)
      t.equal(message.visibility, 'room')
      t.match(message.message_content.content, /^Answer to: .*share-me please/)
      const page = await bob.call<{ messages: unknown[] }>(
        fixture.getApiUrl(0),
        'GET',
        `/api/events/${event_id}/messages`,
      )
      t.equal(page.body.messages.length, 2, 'the timeline has the question and the reply')
      follower.close()
    },
  )

  t.test('[PROOF3] an agent does not see a shared session', async (t) => {
    const event_id = await createEventAs(fixture.getApiUrl(0), alice)
    const follower = await agent.follow(fixture.getApiUrl(1), event_id)
    const { sendResult, paused } = await askAndPause(fixture, event_id, 'hide-me please')
    await alice.call(fixture.getApiUrl(0), 'POST', `/api/engineer-chat/sessions/${sendResult.session_id}/share`)
    paused.resume()
    await alice.waitForReply(fixture.getApiUrl(0), sendResult)

    await postEndMarker(fixture, event_id)

    await follower.waitForFrame('the end marker', (frame) => frame.type === 'message')
    t.notOk(JSON.stringify(follower.frames).includes('hide-me'))
    follower.close()
  })
}

/** Asks a question whose answer pauses after its first delta, and waits until that delta has arrived. */
async function askAndPause({ alice, model, getApiUrl }: Fixture, event_id: string, question: string) {
  const paused = model.pauseAfterFirstDelta(question)
  const follower = await alice.follow(getApiUrl(0), event_id)
  const sendResult = (await alice.ask(getApiUrl(0), event_id, question)).body
  await paused.started
  await follower.waitForFrame('the first delta', (frame) => frame.type === 'delta')
  follower.close()
  return { sendResult, paused }
}
