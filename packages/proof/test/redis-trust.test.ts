import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { openMysql } from '@engineer-chat/adapters/mysql'
import { openRoom, type Room, startProcess, waitUntil } from '@engineer-chat/proof'
import { Redis } from 'ioredis'
import { type Test, test } from 'tap'
import { WebSocket } from 'ws'
import { findFreeUrl } from './reverse-proxies.ts'

const DOCTOR = fileURLToPath(new URL('../../../apps/worker/bin/doctor.ts', import.meta.url))
const INSTALLATION = 'ec:installation'
const LIE = 'All clear, stop looking.'

interface Attacked {
  room: Room
  attacker: Redis
  base: string
}

/** Creates the empty database of another installation on the same server. */
async function createDatabase(serverUrl: string): Promise<string> {
  const mysql = openMysql(serverUrl, { connectionLimit: 1 })
  await mysql.pool.query('CREATE DATABASE stranger')
  await mysql.close()
  const url = new URL(serverUrl)
  url.pathname = '/stranger'
  return url.href
}

/** Returns a change as an older node, or a stranger, publishes it. */
function forgeChange({ event_id, bob }: Room, seq: number): string {
  const at = new Date().toISOString()
  const message = {
    ...{ message_id: randomUUID(), event_id, position: seq, seq, user_id: bob.user_id, message_from: bob.user_id },
    ...{ message_type: 'chat', message_category: 'room', sender_type: 'user', chat_session_id: null },
    ...{ visibility: 'room', reply_to: null, round_id: null, event_summary_version: null },
    ...{ message_content: { content: LIE }, created_at: at, updated_at: at },
  }
  const rows = [{ message, audience: 'all', attempt: 0 }]
  return JSON.stringify({ type: 'change', change: { event_id, first_seq: seq, seq, rows } })
}

async function forgeHints(t: Test, { room, attacker, base }: Attacked): Promise<void> {
  const { alice, bob, event_id, model } = room
  const follower = await alice.follow(base, event_id)
  const channel = `ec:room:${event_id}`
  const held = model.hold('slowly')
  const sent = await alice.ask(base, event_id, 'slowly: what now?')
  await held.started
  const { message_id } = sent.body.ai_message
  await waitUntil('the first piece', () => follower.listDeltas(message_id).length > 0)

  const change = forgeChange(room, 1_000)
  const text = { message_id, attempt: 1, event_id, index: 1, text: LIE }
  for (const forged of [
    change,
    `${change.slice(0, -1)},"mac":"${'A'.repeat(22)}"}`,
    JSON.stringify({ type: 'deltas', deltas: [text] }),
    JSON.stringify({ type: 'presence', node_id: 'x', users: ['mallory'] }),
  ]) {
    await attacker.publish(channel, forged)
  }
  await attacker.rpush(`ec:live:{${message_id}}:1`, LIE)
  const late = await alice.follow(base, event_id)
  held.release()
  await follower.waitForFinalRow(message_id)
  const posted = await bob.call<{ message_id: string }>(base, 'POST', `/api/events/${event_id}/messages`, {
    message: 'I am isolating the host.',
  })
  t.equal(posted.status, 201)
  for (const one of [follower, late]) {
    await one.waitForFrame(
      'what bob really wrote',
      (frame) => frame.type === 'message' && frame.message.message_id === posted.body.message_id,
    )
    t.notMatch(JSON.stringify(one.frames), LIE)
    t.notMatch(JSON.stringify(one.frames), 'mallory')
    one.close()
  }
}

async function forgeTickets(t: Test, { room, attacker, base }: Attacked): Promise<void> {
  const { ticket } = (await room.alice.call<{ ticket: string }>(base, 'POST', '/api/auth/ws-ticket')).body
  const keys = await attacker.keys('*')
  t.notOk(
    keys.some((key) => key.includes('ticket')),
    'tickets are in MySQL',
  )
  const holder = JSON.stringify({ user_id: room.admin.user_id, role: 'admin', sign_in_id: 'x' })
  for (const key of ['ec:ticket:forged', 'ec:tickets:forged', 'ec:ws_tickets:forged', 'forged'])
    await attacker.set(key, holder)
  const connect = (of: string) => new WebSocket(`${base.replace('http', 'ws')}/ws?ticket=${of}`)
  const refused = connect('forged')
  const [error] = await once(refused, 'error')
  t.match(String(error), '401')
  const accepted = connect(ticket)
  await once(accepted, 'open')
  accepted.terminate()
}

async function startStrangers(t: Test, { room }: Attacked): Promise<void> {
  const { product } = room
  const stranger = await createDatabase(product.mysql.url)
  const env = {
    ...{ DATABASE_URL: stranger, REDIS_URL: product.redis.url },
    JWT_SECRET_KEY: 'only-for-tests-0123456789-abcdefghij-klmnop',
  }
  const words = /belongs to another installation.*REDIS_NAMESPACE.*redis-cli DEL ec:installation/
  for (const [entry, port] of [
    ['apps/api/src/main.ts', 'PORT'],
    ['apps/worker/src/main.ts', 'WORKER_PORT'],
  ] as const) {
    const node = startProcess(entry, { ...env, [port]: new URL(await findFreeUrl()).port })
    t.equal(await node.exited, 78, entry)
    t.match(node.log.join('\n'), words)
  }
  const { PATH = '', NODE_OPTIONS = '' } = process.env
  const doctor = (DATABASE_URL: string) =>
    promisify(execFile)(process.execPath, [DOCTOR], { env: { ...env, PATH, NODE_OPTIONS, DATABASE_URL } }).then(
      ({ stdout }) => stdout,
      ({ stdout }: { stdout: string }) => stdout,
    )
  t.match(await doctor(stranger), /WRONG +Redis installation: this Redis belongs to another installation/)
  t.match(await doctor(product.mysql.url), /ok +Redis installation: this one/)
}

async function stealRedis(t: Test, { room, attacker, base }: Attacked): Promise<void> {
  const { product, alice, event_id } = room
  const isRedis = (state: string) => async () => {
    const answer = await fetch(`${base}/readyz`)
    const { redis }: { redis: string } = JSON.parse(await answer.text())
    return answer.status === 200 && redis === state
  }
  await attacker.flushall()
  await attacker.set(INSTALLATION, randomUUID())
  await waitUntil('Redis counts as away', isRedis('down'))
  t.match(product.apis[0]?.log.join('\n'), 'EngineerChat.redis_foreign')
  const sent = await alice.ask(base, event_id, 'Is anybody there?')
  t.equal(sent.status, 200, 'a question is accepted')
  await attacker.del(INSTALLATION)
  await waitUntil('Redis is ours again', isRedis('ready'))
  t.match(await alice.waitForReply(base, sent.body), { message_type: 'chat' })
}

test('somebody can write to Redis', { timeout: 300_000 }, async (t) => {
  const room = await openRoom()
  t.teardown(() => room.stop())
  const attacker = new Redis(room.product.redis.url)
  t.teardown(() => attacker.disconnect())
  const attacked = { room, attacker, base: room.getApiUrl(0) }
  await t.test('[TRUST1] [TRUST2] a forged message, answer or presence is shown to nobody', (t) =>
    forgeHints(t, attacked),
  )
  await t.test('[TRUST6] a forged ticket signs nobody in', (t) => forgeTickets(t, attacked))
  await t.test('[INSTALL1] another installation does not start here; [DOCTOR3] the doctor says why', (t) =>
    startStrangers(t, attacked),
  )
  await t.test('[INSTALL2] a Redis that another installation claimed counts as away until that is undone', (t) =>
    stealRedis(t, attacked),
  )
})
