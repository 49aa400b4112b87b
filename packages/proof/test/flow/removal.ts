import { openEvent, type Room, waitUntil } from '@engineer-chat/proof'
import type { Test } from 'tap'
import { hasText, isRow } from './frames.ts'

/** Rights are at most 400 ms old, even without Redis. The rest allows for a slow machine. */
const REMOVED_WITHIN_MS = 1_500

export function proveRemoval(t: Test, room: Room): void {
  const { alice, bob, model, product } = room

  t.test('[PROOF7] a member removed in mid-answer receives nothing after a second, with Redis paused', async (t) => {
    const event_id = await openEvent(room.getApiUrl(0), alice, { access: 'restricted' })
    const member = `/api/events/${event_id}/members/${bob.user_id}`
    t.equal((await alice.call(room.getApiUrl(0), 'PUT', member, { role: 'responder' })).status, 200)
    const follower = await bob.follow(room.getApiUrl(1), event_id)
    const held = model.hold('removed-while')
    const sent = (await bob.ask(room.getApiUrl(0), event_id, 'removed-while')).body
    await held.started
    await follower.until('the row', isRow(sent.ai_message.message_id))

    process.kill(product.redis.pid, 'SIGSTOP')
    const removed = await alice.call(room.getApiUrl(0), 'DELETE', member)
    const removed_at = performance.now()
    await waitUntil('bob’s socket learns it', () =>
      follower.frames.find((one) => one.type === 'error' && one.code === 'forbidden' && one.event_id === event_id),
    )
    const elapsed_ms = performance.now() - removed_at
    const received = follower.frames.length
    process.kill(product.redis.pid, 'SIGCONT')

    t.ok(removed.status < 300)
    t.ok(elapsed_ms < REMOVED_WITHIN_MS, `${elapsed_ms} ms`)
    held.release()
    const witness = await alice.follow(room.getApiUrl(1), event_id)
    await alice.call(room.getApiUrl(0), 'POST', `/api/events/${event_id}/messages`, { message: 'after' })
    await witness.until('the post', hasText('after'))
    t.same(
      follower.frames.slice(received).filter((frame) => 'event_id' in frame),
      [],
    )
    t.equal((await bob.call(room.getApiUrl(0), 'GET', `/api/events/${event_id}`)).status, 404)
  })
}
