import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { eq, sql } from 'drizzle-orm'
import { test } from 'tap'
import { toDatabase } from '../../../src/mysql/core/database.ts'
import { createRead, createSharedRoundTrips, runTogether } from '../../../src/mysql/core/round-trip.ts'
import { type Tx, transaction } from '../../../src/mysql/core/transaction.ts'
import { events } from '../../../src/mysql/schema/index.ts'
import {
  countUpTo,
  createMigratedDatabase,
  createQuestion,
  createRoom,
  readNumbers,
  runConcurrently,
} from '../setup.ts'

test('[STORE5] of fifty simultaneous questions, only those that cannot be stored fail', async (t) => {
  const node = (await createMigratedDatabase(t)).openNode()
  const { messages } = createMysqlStores(node)
  const rooms = await runConcurrently(5, () => createRoom(node))
  const storedQuestion = createQuestion(rooms[0] ?? '', { user_id: 'first' })
  await messages.ask(storedQuestion)
  const badFields = {
    17: { text: 'secret \ud800' }, // Half a character is not valid UTF-8.
    30: { question_id: storedQuestion.question_id }, // This id exists.
    40: { event_id: createId() }, // This event does not exist.
  }
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => {
      const fields = { user_id: `user-${index}`, ...badFields[index as keyof typeof badFields] }
      return messages.ask(createQuestion(rooms[index % 5] ?? '', fields))
    }),
  )
  const failed = settled.flatMap((outcome, index) => (outcome.status === 'rejected' ? [[index, outcome.reason]] : []))
  t.equal(failed.length, 3)
  t.match(failed, [
    [17, { name: 'DatabaseError' }],
    [30, { name: 'DatabaseError', code: 'ER_DUP_ENTRY' }],
    [40, { code: 'event_not_found' }],
  ])
  t.notOk(failed.some(([, error]) => JSON.stringify([String(error), error]).includes('secret')))
  const numbers = await runConcurrently(5, (index) => readNumbers(node, rooms[index] ?? ''))
  for (const { seqs, last } of numbers) t.same(seqs, countUpTo(last))
  t.equal(
    numbers.reduce((sum, { last }) => sum + last, 0),
    2 * 48,
    'two rows for each of the 47 stored questions and the first one',
  )
})

test('[LIFE13] reads that share a round trip get their own rows, and a failed read does not affect the others', async (t) => {
  const { pool } = (await createMigratedDatabase(t)).openNode()
  const send = createSharedRoundTrips(pool)
  const select = (sql: string) =>
    createRead<{ found: number }, number[]>(sql, [], (rows) => rows.map(({ found }) => found))
  const queries = t.capture(pool, 'query', pool.query)

  const reads = countUpTo(9).map((number) =>
    runTogether(send, [
      select(`SELECT ${number} AS found`),
      undefined,
      select(number === 7 ? 'SELECT found FROM nowhere' : `SELECT ${number} AS found UNION ALL SELECT 0`),
    ]),
  )
  const settled = await Promise.allSettled(reads)

  t.same(
    settled.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed')),
    countUpTo(9).map((number) => (number === 7 ? 'failed' : [[number], undefined, [number, 0]])),
  )
  const roundTripCount = queries.args().length
  t.ok(
    roundTripCount <= 4 + 6,
    `${roundTripCount} round trips: three single reads, a shared one, and its six reads one by one`,
  )
})

const raiseSeq: Record<string, (tx: Tx, event_id: string) => Promise<unknown>> = {
  'as text': (tx, event_id) => tx.execute('UPDATE events SET seq = seq + 1 WHERE event_id = ?', [event_id]),
  'from the query builder': (tx, event_id) =>
    toDatabase(tx)
      .update(events)
      .set({ seq: sql`${events.seq} + 1` })
      .where(eq(events.event_id, event_id)),
}

for (const [form, raise] of Object.entries(raiseSeq)) {
  test(`[STORE5] the victim of a deadlock runs again, with statements ${form}`, async (t) => {
    const node = (await createMigratedDatabase(t)).openNode()
    const rooms = [await createRoom(node), await createRoom(node)]
    const bothHaveOneLock = Promise.withResolvers<void>()
    let lockCount = 0
    let runs = 0
    const raiseAll = (event_ids: string[]) =>
      transaction(node.pool, async (tx) => {
        runs += 1
        for (const event_id of event_ids) {
          await raise(tx, event_id)
          lockCount += 1
          if (lockCount === 2) bothHaveOneLock.resolve()
          await bothHaveOneLock.promise
        }
      })
    await Promise.all([raiseAll(rooms), raiseAll(rooms.toReversed())])
    t.ok(runs > 2, 'one of the two transactions ran again')
    t.match(await runConcurrently(2, (index) => readNumbers(node, rooms[index] ?? '')), [{ last: 2 }, { last: 2 }])
  })
}
