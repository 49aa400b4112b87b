import type { AddressInfo } from 'node:net'
import t from 'tap'
import { harness } from '../harness.ts'
import { client } from '../sockets/socket-client.ts'

t.test('[METRIC2] what a socket is shown is timed from its commit, a reply by its final row alone', async (t) => {
  const h = await harness()
  t.teardown(() => h.close())
  const alice = await h.person('alice')
  const event_id = await h.event(alice)
  await h.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = h.app.server.address() as AddressInfo
  const socket = client(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${alice.token}` })
  await socket.next('hello')
  await socket.subscribe(event_id)
  const counts = async () => {
    const { body } = await h.app.inject('/metrics')
    const count = (name: string) => Number(new RegExp(`${name}_seconds_count{[^}]*} (\\d+)`).exec(body)?.[1])
    return [count('user_message_display_duration'), count('ai_response_display_duration')]
  }
  t.same(await counts(), [0, 0])

  const sent = (await alice.call('POST', '/api/engineer-chat/send', { event_id, message: 'hi' })).json()
  const { message_id } = sent.ai_message
  await socket.next('message', ({ message }) => message.message_id === message_id)
  t.same(await counts(), [1, 0], 'nobody waits for a reply that is being written')

  const claim = await h.stores.replies.claim(message_id, 60_000)
  const ref = { message_id, attempt: claim?.row.attempt ?? 0 }
  const finished = await h.stores.replies.finish(ref, { type: 'chat', content: { content: 'Isolate it.' } })
  if (finished) h.deps.bus.publish(finished.change)
  await socket.next('message', ({ message }) => message.message_type === 'chat' && message.message_id === message_id)
  t.same(await counts(), [1, 1])

  await socket.leave()
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'is anybody there?' })
  t.same(await counts(), [1, 1], 'nobody was shown it')
})

t.test('[METRIC2] it is timed by MySQL’s clock', async (t) => {
  const h = await harness({ deps: { now: () => Date.now() + 60_000 } })
  t.teardown(() => h.close())
  const alice = await h.person('alice')
  const event_id = await h.event(alice)
  await h.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = h.app.server.address() as AddressInfo
  const socket = client(t, `ws://127.0.0.1:${port}/ws`, { authorization: `Bearer ${alice.token}` })
  await socket.next('hello')
  await socket.subscribe(event_id)
  await alice.call('POST', `/api/events/${event_id}/messages`, { message: 'is anybody there?' })
  await socket.next('message')
  const { body } = await h.app.inject('/metrics')
  const seconds = Number(/user_message_display_duration_seconds_sum{[^}]*} ([\d.]+)/.exec(body)?.[1])
  t.ok(seconds > 59 && seconds < 62, String(seconds))
})
