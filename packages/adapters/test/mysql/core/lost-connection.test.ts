import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import type { AskResult } from '@engineer-chat/chat/rooms'
import { ChatError } from '@engineer-chat/chat/shared'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import {
  countUpTo,
  createMigratedDatabase,
  createQuestion,
  createRoom,
  type Database,
  readNumbers,
  runConcurrently,
} from '../setup.ts'
import { startBreakableNetwork } from './proxy.ts'

/**
 * Opens a node behind a network that the test can break, and a node with a direct connection, which reads the stored
 * rows.
 */
async function connectBehindNetwork(t: Test) {
  const database = await createMigratedDatabase(t)
  const directNode = database.openNode()
  const network = await startBreakableNetwork(t, database.url)
  const mysql = openMysql(network.url, { connectionLimit: 5, silenceMs: 500 })
  t.teardown(() => mysql.close())
  return { database, directNode, network, ...createMysqlStores(mysql), event_id: await createRoom(directNode) }
}

function checkEachPublishedOnce(t: Test, results: AskResult[]): void {
  const numbers = results.flatMap(({ change }) => [change?.first_seq ?? 0, change?.seq ?? 0])
  t.same(
    numbers.sort((a, b) => a - b),
    countUpTo(numbers.length),
    'every number is published once',
  )
  t.ok(
    results.every((result) => result.job?.message_id === result.reply.message.message_id),
    'every reply has its job',
  )
}

for (const outcome of ['answer lost', 'request lost', 'silence'] as const) {
  test(`[STORE8] a batch is stored once, although its COMMIT had this outcome: ${outcome}`, async (t) => {
    const { directNode, network, messages, event_id } = await connectBehindNetwork(t)
    // The first question is stored alone, and the next COMMIT is that of a batch.
    network.outcomes.push('pass', outcome)
    const results = await runConcurrently(30, (index) =>
      messages.ask(createQuestion(event_id, { user_id: `user-${index}`, client_message_id: index % 2 ? 'key' : null })),
    )
    t.same(network.outcomes, [])
    t.same(await readNumbers(directNode, event_id), { seqs: countUpTo(60), last: 60 })
    checkEachPublishedOnce(t, results)
  })
}

test('[STORE8] a connection that is killed while its batch waits is replaced, and the batch is stored once', async (t) => {
  const { database, directNode, messages, event_id } = await connectBehindNetwork(t)
  const lockHolder = await directNode.pool.getConnection()
  await lockHolder.query('BEGIN')
  await lockHolder.query('SELECT seq FROM events WHERE event_id = ? FOR UPDATE', [event_id])
  const asking = runConcurrently(10, (index) => messages.ask(createQuestion(event_id, { user_id: `user-${index}` })))
  await directNode.pool.query('KILL CONNECTION ?', [await waitForBlockedThread(database)])
  await lockHolder.query('COMMIT')
  lockHolder.release()
  checkEachPublishedOnce(t, await asking)
  t.same(await readNumbers(directNode, event_id), { seqs: countUpTo(20), last: 20 })
})

/** Waits until a thread waits for the lock of a room, and returns its id. */
async function waitForBlockedThread(database: Database): Promise<number> {
  const { pool } = database.openNode(1)
  for (;;) {
    const [threads] = await pool.query<RowDataPacket[]>(
      `SELECT id FROM information_schema.processlist WHERE db = ? AND info LIKE '%FROM events%FOR UPDATE'`,
      [database.name],
    )
    if (threads[0]) return threads[0].id
  }
}

test('[STORE9] without the database every call is `unavailable`, and afterwards calls succeed again', async (t) => {
  const { network, messages, replies, timeline, events, users, signIns, event_id } = await connectBehindNetwork(t)
  await messages.ask(createQuestion(event_id))
  await network.breakDown()
  const calls = await Promise.allSettled([
    messages.ask(createQuestion(event_id)),
    messages.share('alice', 's1'),
    replies.takeDue(10, 1_000),
    timeline.readPage(event_id, ['all'], { limit: 10 }),
    events.find(event_id),
    events.update(event_id, { severity: 'low' }, { user_id: 'alice', role: 'engineer' }),
    users.list({ limit: 10 }),
    signIns.endAll('alice'),
  ])
  for (const call of calls) {
    const error = call.status === 'rejected' ? call.reason : undefined
    t.ok(error instanceof ChatError)
    t.match(error, { code: 'unavailable', extras: { retry_after_seconds: 1 }, cause: { name: 'DatabaseError' } })
    t.notMatch(`${error.message} ${error.cause.message}`, /127\.0\.0\.1|SELECT/)
  }
  await network.repair()
  t.match(await messages.ask(createQuestion(event_id)), { round: 2 })
})
