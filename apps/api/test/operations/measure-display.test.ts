import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createHarness } from '../harness.ts'
import { openSocketClient } from '../sockets/socket-client.ts'

t.test(
  '[METRIC2] [TRACE1] the time from commit to socket is measured, and for the final row of a reply also logged',
  async (t) => {
    const harness = await createHarness()
    t.teardown(() => harness.close())
    const alice = await harness.signUp('alice')
    const event_id = await harness.createEvent(alice)
    await harness.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = harness.app.server.address() as AddressInfo
    const socket = openSocketClient(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${alice.token}` })
    await socket.next('hello')
    await socket.subscribe(event_id)
    const readCounts = async () => {
      const { body } = await harness.app.inject('/metrics')
      const count = (name: string) => Number(new RegExp(`${name}_seconds_count{[^}]*} (\\d+)`).exec(body)?.[1])
      return [count('user_message_display_duration'), count('ai_response_display_duration')]
    }
    t.same(await readCounts(), [0, 0])

    const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' })).json()
    const { message_id } = sent.ai_message
    await socket.next('message', ({ message }) => message.message_id === message_id)
    t.same(await readCounts(), [1, 0], 'an unfinished reply is not measured')

    const claim = await harness.stores.replies.claim(message_id, 60_000)
    const ref = { message_id, attempt: claim?.row.attempt ?? 0 }
    const finished = await harness.stores.replies.finish(ref, { type: 'chat', content: { content: 'Isolate it.' } })
    if (finished) harness.deps.bus.publish(finished.change)
    await socket.next('message', ({ message }) => message.message_type === 'chat' && message.message_id === message_id)
    t.same(await readCounts(), [1, 1])
    const delivered = harness.log.filter(({ event }) => event === 'EngineerChat.reply_delivered')
    const ids = { question_id: sent.user_message.message_id, reply_id: message_id, user_id: alice.user_id }
    t.match(delivered, [{ fields: { ...ids, event_id, session_id: sent.session_id, duration_ms: Number } }])

    await socket.close()
    await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'is anybody there?' })
    t.same(await readCounts(), [1, 1], 'a message that no socket received is not measured')
  },
)

t.test('[METRIC2] the time from commit to socket is measured by MySQL’s clock', async (t) => {
  // MySQL's clock, which the app reads by `now`, is a minute later than the time at which the memory store dates a row.
  const harness = await createHarness({ deps: { getMysqlTimeMs: () => Date.now() + 60_000 } })
  t.teardown(() => harness.close())
  const alice = await harness.signUp('alice')
  const event_id = await harness.createEvent(alice)
  await harness.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = harness.app.server.address() as AddressInfo
  const socket = openSocketClient(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${alice.token}` })
  await socket.next('hello')
  await socket.subscribe(event_id)
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'is anybody there?' })
  await socket.next('message')
  const { body } = await harness.app.inject('/metrics')
  const seconds = Number(/user_message_display_duration_seconds_sum{[^}]*} ([\d.]+)/.exec(body)?.[1])
  t.ok(seconds > 59 && seconds < 62, String(seconds))
})
