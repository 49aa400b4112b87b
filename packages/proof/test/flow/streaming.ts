import type { Fixture } from '@engineer-chat/proof'
import type { Test } from 'tap'

export function proveStreaming(t: Test, fixture: Fixture): void {
  const { alice, event_id } = fixture

  t.test('[PROOF1] the answer to a question that is asked at one node arrives at a socket of the other', async (t) => {
    const follower = await alice.follow(fixture.getApiUrl(1), event_id)

    const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, '@AI what should we contain first?')

    t.match(sendResponse, { status: 200, body: { ai_message: { message_type: 'thinking' } } })
    const { message } = await follower.waitForFinalRow(sendResponse.body.ai_message.message_id)
    t.match(message, { message_type: 'chat', message_content: { finish_reason: 'stop', model: 'fake-1' } })
    t.match(message.message_content.content, /^Answer to: .*what should we contain first/)
    follower.close()
  })

  t.test('[PROOF1] the rows of a question and its reply come in the order of their sequence numbers', async (t) => {
    const follower = await alice.follow(fixture.getApiUrl(1), event_id)

    const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, '@AI in which order?')
    await follower.waitForFinalRow(sendResponse.body.ai_message.message_id)

    const seqs = follower.frames.flatMap((frame) => (frame.type === 'message' ? [frame.seq] : []))
    t.same(
      seqs,
      seqs.toSorted((a, b) => a - b),
    )
    follower.close()
  })

  t.test('[PROOF1] the deltas of a reply arrive from the first one on, and before the final row', async (t) => {
    const follower = await alice.follow(fixture.getApiUrl(1), event_id)

    const sendResponse = await alice.ask(fixture.getApiUrl(0), event_id, '@AI piece by piece?')
    const final = await follower.waitForFinalRow(sendResponse.body.ai_message.message_id)

    const [first] = follower.listDeltas(sendResponse.body.ai_message.message_id)
    t.equal(first?.index, 0)
    t.ok(first && follower.frames.indexOf(first) < follower.frames.indexOf(final))
    follower.close()
  })
}
