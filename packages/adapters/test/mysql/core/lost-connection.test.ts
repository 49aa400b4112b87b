import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import type { AskResult } from '@engineer-chat/chat/rooms'
import { ChatError } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { aQuestion, aRoom, type Database, migratedDatabase, numbersOf, times, upTo } from '../setup.ts'
import { breakableNetwork } from './proxy.ts'

/** Opens a node behind a network that breaks, and one that reads what is stored. */
async function behindNetwork(t: Test) {
  const database = await migratedDatabase(t)
  const sound = database.node()
  const network = await breakableNetwork(t, database.url)
  const mysql = openMysql(network.url, { connectionLimit: 5, silenceMs: 500 })
  t.teardown(() => mysql.close())
  return { database, sound, network, ...createMysqlStores(mysql), event_id: await aRoom(sound) }
}

function checkEachPublishedOnce(t: Test, results: AskResult[]): void {
  const numbers = results.flatMap(({ change }) => [change?.first_seq ?? 0, change?.seq ?? 0])
  t.same(
    numbers.sort((a, b) => a - b),
    upTo(numbers.length),
    'every number is published once',
  )
  t.ok(
    results.every((one) => one.job?.message_id === one.reply.message.message_id),
    'every reply has its job',
  )
}

for (const fate of ['answer lost', 'request lost', 'silence'] as const) {
  test(`[STORE8] a batch whose COMMIT met this is stored once: ${fate}`, async (t) => {
    const { sound, network, messages, event_id } = await behindNetwork(t)
    network.fates.push('pass', fate)
    const results = await times(30, (index) =>
      messages.ask(aQuestion(event_id, { user_id: `user-${index}`, client_message_id: index % 2 ? 'key' : null })),
    )
    t.same(network.fates, [])
    t.same(await numbersOf(sound, event_id), { seqs: upTo(60), last: 60 })
    checkEachPublishedOnce(t, results)
  })
}

test('[STORE8] a connection that is killed while its batch waits is replaced', async (t) => {
  const { database, sound, messages, event_id } = await behindNetwork(t)
  const holder = await sound.pool.getConnection()
  await holder.query('BEGIN')
  await holder.query('SELECT seq FROM events WHERE event_id = ? FOR UPDATE', [event_id])
  const asking = times(10, (index) => messages.ask(aQuestion(event_id, { user_id: `user-${index}` })))
  await sound.pool.query('KILL CONNECTION ?', [await waiterFor(database)])
  await holder.query('COMMIT')
  holder.release()
  checkEachPublishedOnce(t, await asking)
  t.same(await numbersOf(sound, event_id), { seqs: upTo(20), last: 20 })
})

/** Finds the thread that waits for a room, once it exists. */
async function waiterFor(database: Database): Promise<number> {
  const { pool } = database.node(1)
  for (;;) {
    const [threads] = await pool.query<RowDataPacket[]>(
      `SELECT id FROM information_schema.processlist WHERE db = ? AND info LIKE '%FROM events%FOR UPDATE'`,
      [database.name],
    )
    if (threads[0]) return threads[0].id
  }
}

test('[STORE9] without the database everything is unavailable, and then it is back', async (t) => {
  const { network, messages, replies, timeline, events, users, signIns, event_id } = await behindNetwork(t)
  await messages.ask(aQuestion(event_id))
  await network.breakDown()
  const attempts = await Promise.allSettled([
    messages.ask(aQuestion(event_id)),
    messages.share('alice', 's1'),
    replies.takeDue(10, 1_000),
    timeline.readPage(event_id, ['all'], { limit: 10 }),
    events.find(event_id),
    events.update(event_id, { severity: 'low' }, { user_id: 'alice', role: 'engineer' }),
    users.list({ limit: 10 }),
    signIns.endAll('alice'),
  ])
  for (const attempt of attempts) {
    const error = attempt.status === 'rejected' ? attempt.reason : undefined
    t.ok(error instanceof ChatError)
    t.match(error, { code: 'unavailable', extras: { retry_after_seconds: 1 }, cause: { name: 'DatabaseError' } })
    t.notMatch(`${error.message} ${error.cause.message}`, /127\.0\.0\.1|SELECT/)
  }
  await network.repair()
  t.match(await messages.ask(aQuestion(event_id)), { round: 2 })
})
