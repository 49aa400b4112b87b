import { createEventAs, type Fixture } from '@engineer-chat/proof'
import type { Test } from 'tap'
import { isRowWithId, isRowWithText } from './frames.ts'

/** Rights are at most 400 ms old, even without Redis. The additional time is for a slow machine. */
const MAX_REMOVAL_MS = 1_500

export function proveRemoval(t: Test, fixture: Fixture): void {
  const { alice, bob, model, product } = fixture

  t.test(
    '[PROOF7] a member removed during an answer receives nothing of the room after a second, even while Redis hangs',
    async (t) => {
      const event_id = await createEventAs(fixture.getApiUrl(0), alice, { access: 'restricted' })
      const memberPath = `/api/events/${event_id}/members/${bob.user_id}`
      t.equal((await alice.call(fixture.getApiUrl(0), 'PUT', memberPath, { role: 'responder' })).status, 200)
      const follower = await bob.follow(fixture.getApiUrl(1), event_id)
      const paused = model.pauseAfterFirstDelta('removed-while')
      const sendResult = (await bob.ask(fixture.getApiUrl(0), event_id, 'removed-while')).body
      await paused.started
      await follower.waitForFrame('the row', isRowWithId(sendResult.ai_message.message_id))

      process.kill(product.redis.pid, 'SIGSTOP')
      const removed = await alice.call(fixture.getApiUrl(0), 'DELETE', memberPath)
      const removedAtMs = performance.now()
      await follower.waitForFrame(
        'the error frame at bob’s socket',
        (frame) => frame.type === 'error' && frame.code === 'forbidden' && frame.event_id === event_id,
      )
      const elapsedMs = performance.now() - removedAtMs
      const receivedCount = follower.frames.length
      process.kill(product.redis.pid, 'SIGCONT')

      t.ok(removed.status < 300)
      t.ok(elapsedMs < MAX_REMOVAL_MS, `${elapsedMs} ms`)
      paused.resume()
      const aliceFollower = await alice.follow(fixture.getApiUrl(1), event_id)
      await alice.call(fixture.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'after' })
      await aliceFollower.waitForFrame('the post', isRowWithText('after'))
      t.same(
        follower.frames.slice(receivedCount).filter((frame) => 'event_id' in frame),
        [],
        'no further frame of the room',
      )
      t.equal((await bob.call(fixture.getApiUrl(0), 'GET', `/api/events/${event_id}`)).status, 404)
    },
  )
}
