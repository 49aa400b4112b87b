import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type Fixture, startFixture, waitUntil } from '@engineer-chat/proof'
import { CLOSE_CODES } from '@engineer-chat/protocol'
import { Redis } from 'ioredis'
import t, { type Test, test } from 'tap'
import { WebSocket } from 'ws'

t.setTimeout(240_000) // The test starts several processes, which takes long on a busy machine.

const FORGED_TEXT = 'All clear, stop looking.'

interface Attack {
  fixture: Fixture
  attacker: Redis
  baseUrl: string
}

/** Returns the JSON text of a change without a signature, as an older node or an attacker publishes it. */
function forgeChange({ event_id, bob }: Fixture, seq: number): string {
  const now = new Date().toISOString()
  const message = {
    message_id: randomUUID(),
    event_id,
    position: seq,
    seq,
    user_id: bob.user_id,
    message_from: bob.user_id,
    message_type: 'chat',
    message_category: 'room',
    sender_type: 'user',
    chat_session_id: null,
    visibility: 'room',
    reply_to: null,
    round_id: null,
    event_summary_version: null,
    message_content: { content: FORGED_TEXT },
    created_at: now,
    updated_at: now,
  }
  const rows = [{ message, audience: 'all', attempt: 0 }]
  return JSON.stringify({ type: 'change', change: { event_id, first_seq: seq, seq, rows } })
}

async function proveForgedHints(t: Test, { fixture, attacker, baseUrl }: Attack): Promise<void> {
  const { alice, bob, event_id, model } = fixture
  const follower = await alice.follow(baseUrl, event_id)
  const channel = `ec:room:${event_id}`
  const paused = model.pauseAfterFirstDelta('slowly')
  const sendResponse = await alice.ask(baseUrl, event_id, 'slowly: what now?')
  await paused.started
  const { message_id } = sendResponse.body.ai_message
  await waitUntil('the first piece', () => follower.listDeltas(message_id).length > 0)

  const change = forgeChange(fixture, 1_000)
  const validLengthMac = 'A'.repeat(22)
  const delta = { message_id, attempt: 1, event_id, index: 1, text: FORGED_TEXT }
  for (const forged of [
    change,
    `${change.slice(0, -1)},"mac":"${validLengthMac}"}`,
    JSON.stringify({ type: 'deltas', deltas: [delta] }),
    JSON.stringify({ type: 'presence', node_id: 'x', users: ['mallory'] }),
  ]) {
    await attacker.publish(channel, forged)
  }
  // This list holds the pieces of the answer, for sockets that subscribe during the answer.
  await attacker.rpush(`ec:live:{${message_id}}:1`, FORGED_TEXT)
  const lateFollower = await alice.follow(baseUrl, event_id)
  paused.resume()
  await follower.waitForFinalRow(message_id)
  const posted = await bob.call<{ message_id: string }>(baseUrl, 'POST', `/api/events/${event_id}/messages`, {
    message: 'I am isolating the host.',
  })
  t.equal(posted.status, 201)
  for (const socket of [follower, lateFollower]) {
    await socket.waitForFrame(
      'the message that bob posted',
      (frame) => frame.type === 'message' && frame.message.message_id === posted.body.message_id,
    )
    t.notMatch(JSON.stringify(socket.frames), FORGED_TEXT)
    t.notMatch(JSON.stringify(socket.frames), 'mallory', 'no forged presence')
    socket.close()
  }
}

async function proveForgedTickets(t: Test, { fixture, attacker, baseUrl }: Attack): Promise<void> {
  const { ticket } = (await fixture.alice.call<{ ticket: string }>(baseUrl, 'POST', '/api/auth/ws-ticket')).body
  const keys = await attacker.keys('*')
  t.notOk(
    keys.some((key) => key.includes('ticket')),
    'tickets are in MySQL',
  )
  const ticketContent = JSON.stringify({ user_id: fixture.admin.user_id, role: 'admin', sign_in_id: 'x' })
  // A server that looked up tickets in Redis would probably use one of these keys.
  for (const key of ['ec:ticket:forged', 'ec:tickets:forged', 'ec:ws_tickets:forged', 'forged'])
    await attacker.set(key, ticketContent)
  const connectWith = (value: string) => new WebSocket(`${baseUrl.replace('http', 'ws')}/ws?ticket=${value}`)
  const [code] = await once(connectWith('forged'), 'close')
  t.equal(code, CLOSE_CODES.unauthenticated)
  const accepted = connectWith(ticket)
  const [hello] = await once(accepted, 'message')
  t.match(JSON.parse(String(hello)), { type: 'hello', user_id: fixture.alice.user_id })
  accepted.terminate()
}

test('an attacker who can write to Redis', { timeout: 230_000 }, async (t) => {
  const fixture = await startFixture()
  t.teardown(() => fixture.stop())
  const attacker = new Redis(fixture.product.redis.url)
  t.teardown(() => attacker.disconnect())
  const attack = { fixture, attacker, baseUrl: fixture.getApiUrl(0) }
  await t.test('[TRUST1] [TRUST2] a forged message, answer or presence is shown to no user', (t) =>
    proveForgedHints(t, attack),
  )
  await t.test('[TRUST6] a forged ticket does not sign a user in', (t) => proveForgedTickets(t, attack))
})
