import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import { eq, sql } from 'drizzle-orm'
import { test } from 'tap'
import { toDatabase } from '../../../src/mysql/core/database.ts'
import { type Tx, transaction } from '../../../src/mysql/core/transaction.ts'
import { events } from '../../../src/mysql/schema/index.ts'
import { countUpTo, createMigratedDatabase, createQuestion, createRoom, makeTimes, readNumbers } from '../setup.ts'

test('[STORE5] one row that the database refuses fails alone among fifty', async (t) => {
  const node = (await createMigratedDatabase(t)).openNode()
  const { messages } = createMysqlStores(node)
  const rooms = await makeTimes(5, () => createRoom(node))
  const known = createQuestion(rooms[0] ?? '', { user_id: 'first' })
  await messages.ask(known)
  const bad = { 17: { text: 'secret \ud800' }, 30: { question_id: known.question_id }, 40: { event_id: createId() } }
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => {
      const fields = { user_id: `user-${index}`, ...bad[index as keyof typeof bad] }
      return messages.ask(createQuestion(rooms[index % 5] ?? '', fields))
    }),
  )
  const failed = settled.flatMap((one, index) => (one.status === 'rejected' ? [[index, one.reason]] : []))
  t.match(failed, [
    [17, { name: 'DatabaseError' }],
    [30, { name: 'DatabaseError', code: 'ER_DUP_ENTRY' }],
    [40, { code: 'event_not_found' }],
  ])
  t.notOk(failed.some(([, error]) => JSON.stringify([String(error), error]).includes('secret')))
  const numbers = await makeTimes(5, (index) => readNumbers(node, rooms[index] ?? ''))
  for (const { seqs, last } of numbers) t.same(seqs, countUpTo(last))
  t.equal(
    numbers.reduce((sum, { last }) => sum + last, 0),
    2 * 48,
  )
})

const raiseSeq: Record<string, (tx: Tx, event_id: string) => Promise<unknown>> = {
  'by hand': (tx, event_id) => tx.execute('UPDATE events SET seq = seq + 1 WHERE event_id = ?', [event_id]),
  typed: (tx, event_id) =>
    toDatabase(tx)
      .update(events)
      .set({ seq: sql`${events.seq} + 1` })
      .where(eq(events.event_id, event_id)),
}

for (const [form, raise] of Object.entries(raiseSeq)) {
  test(`[STORE5] a deadlock’s victim runs again, with statements ${form}`, async (t) => {
    const node = (await createMigratedDatabase(t)).openNode()
    const rooms = [await createRoom(node), await createRoom(node)]
    const bothHaveOne = Promise.withResolvers<void>()
    let first = 0
    let runs = 0
    const raiseAll = (event_ids: string[]) =>
      transaction(node.pool, async (tx) => {
        runs += 1
        for (const event_id of event_ids) {
          await raise(tx, event_id)
          first += 1
          if (first === 2) bothHaveOne.resolve()
          await bothHaveOne.promise
        }
      })
    await Promise.all([raiseAll(rooms), raiseAll(rooms.toReversed())])
    t.ok(runs > 2)
    t.match(await makeTimes(2, (index) => readNumbers(node, rooms[index] ?? '')), [{ last: 2 }, { last: 2 }])
  })
}
