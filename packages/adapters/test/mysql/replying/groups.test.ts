import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import { type Test, test } from 'tap'
import { countUpTo, createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

const REPLIES = 30
const LEASE_MS = 60_000
const ANSWER = { type: 'chat' as const, content: { content: 'Isolate it.', finish_reason: 'stop' as const } }

test('[LIFE13] statements that wait for MySQL share a few round trips, and each reply gets its own result', async (t) => {
  const { stores, queries, ids } = await askQuestions(t)
  const { replies } = stores

  const claims = await Promise.all(ids.map((message_id) => replies.claim(message_id, LEASE_MS)))
  t.same(
    claims.map((claim) => claim?.row.message.message_id),
    ids,
  )
  // The claims may come in three groups, each with three round trips.
  const claimRoundTrips = queries.args().length
  t.ok(claimRoundTrips <= 3 * 3, `${claimRoundTrips} round trips for ${REPLIES} claims`)

  const refs = ids.map((message_id, index) => ({ message_id, attempt: index === 7 ? 99 : 1 }))
  const renewed = await Promise.all(refs.map((ref) => replies.renew(ref, LEASE_MS)))
  t.same(
    renewed.map(({ held }) => held),
    refs.map(({ attempt }) => attempt === 1),
    'a reply of another worker is not renewed with the others',
  )
  const renewalRoundTrips = queries.args().length
  t.ok(renewalRoundTrips <= 2, `${renewalRoundTrips} round trips for ${REPLIES} renewals`)

  const finished = await Promise.all(refs.map((ref) => replies.finish(ref, ANSWER)))
  t.same(
    finished.map((result) => result?.row.message.message_id),
    refs.map(({ message_id, attempt }) => (attempt === 1 ? message_id : undefined)),
    'a reply of another worker is not ended with the others',
  )
  // The finishes come in two groups, each with three round trips.
  const finishRoundTrips = queries.args().length
  t.ok(finishRoundTrips <= 2 * 3, `${finishRoundTrips} round trips for ${REPLIES} finishes`)
  const seqs = finished.flatMap((result) => result?.change.seq ?? []).sort((a, b) => a - b)
  t.equal(new Set(seqs).size, REPLIES - 1, 'no number is used twice')
})

test('[LIFE13] of two concurrent claims of one reply, one succeeds', async (t) => {
  const { stores, ids } = await askQuestions(t, 2)
  // The first claim is sent immediately, and the other two together.
  const wantedIds = [ids[1], ids[0], ids[0]].map((message_id) => message_id ?? '')

  const claims = await Promise.all(wantedIds.map((message_id) => stores.replies.claim(message_id, LEASE_MS)))

  t.same(
    claims.map((claim) => claim?.tries),
    [1, 1, undefined],
  )
})

test('[LIFE13] if one of several finishes is too long for MySQL, only that one fails', async (t) => {
  const { stores, ids } = await askQuestions(t, 3)
  await Promise.all(ids.map((message_id) => stores.replies.claim(message_id, LEASE_MS)))
  const tooLong = 'x'.repeat(70 * 1024 * 1024) // MySQL accepts no packet of this length.

  const ends = ids.map((message_id, index) =>
    stores.replies.finish(
      { message_id, attempt: 1 },
      index === 1 ? { ...ANSWER, content: { content: tooLong } } : ANSWER,
    ),
  )

  t.same(
    (await Promise.allSettled(ends)).map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('[LIFE13] a locked session and a locked room delay no reply of another session or room', async (t) => {
  const { mysql, stores, ids, sessions, event_id } = await askQuestions(t, 2)
  const otherEventId = await createRoom(mysql)
  const { reply } = await stores.messages.ask(createQuestion(otherEventId, { user_id: 'user-3' }))
  const allIds = [...ids, reply.message.message_id]
  const sessionLock = await lockRows(t, mysql, 'SELECT rounds FROM chat_sessions WHERE session_id = ? FOR UPDATE', [
    sessions[1] ?? '',
  ])

  const claims = allIds.map((message_id) => stores.replies.claim(message_id, LEASE_MS))
  t.same(
    (await Promise.all([claims[0], claims[2]])).map((claim) => claim?.tries),
    [1, 1],
  )
  await sessionLock.query('COMMIT')
  t.equal((await claims[1])?.tries, 1)

  const roomLock = await lockRows(t, mysql, 'SELECT seq FROM events WHERE event_id = ? FOR UPDATE', [event_id])
  const ends = [allIds[0], allIds[1], allIds[2]].map((id) =>
    stores.replies.finish({ message_id: id ?? '', attempt: 1 }, ANSWER),
  )
  t.equal((await ends[2])?.row.message.event_id, otherEventId)
  await roomLock.query('COMMIT')
  const finished = await Promise.all(ends)
  t.same(
    finished.map((result) => result?.row.message.message_id),
    allIds,
  )
})

/**
 * Asks each question in a separate session, all in one room. `queries` counts the round trips since it was last read.
 */
async function askQuestions(t: Test, count = REPLIES) {
  const mysql = (await createMigratedDatabase(t)).openNode()
  const stores = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  const asked = await Promise.all(
    countUpTo(count).map((user) => stores.messages.ask(createQuestion(event_id, { user_id: `user-${user}` }))),
  )
  const ids = asked.map(({ reply }) => reply.message.message_id)
  const connection = await mysql.pool.getConnection()
  const queries = t.capture(Object.getPrototypeOf(connection), 'query', connection.query)
  connection.release()
  return { mysql, stores, queries, ids, sessions: asked.map(({ session_id }) => session_id), event_id }
}

/** Locks rows on a connection that is closed at the end of the test, and returns this connection. */
async function lockRows(t: Test, { pool }: Mysql, sql: string, values: string[]) {
  const connection = await pool.getConnection()
  t.teardown(() => connection.destroy())
  await connection.query('BEGIN')
  await connection.query(sql, values)
  return connection
}
