import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import type { RowDataPacket } from 'mysql2/promise'
import { test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom, runConcurrently } from '../setup.ts'

/**
 * Counts rows and index entries that the server read during `read`. The counters belong to a connection, so the node
 * must have only one.
 */
async function countReadRows({ pool }: Mysql, read: () => Promise<unknown>): Promise<number> {
  await pool.query('FLUSH STATUS')
  await read()
  const [counters] = await pool.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'")
  return counters.reduce((sum, { Value }) => sum + Number(Value), 0)
}

test('[STORE10] reading a page or changes reads only the returned rows, even in a large room', async (t) => {
  const database = await createMigratedDatabase(t)
  const node = database.openNode(1)
  const { messages, timeline, replies } = createMysqlStores(node)
  const event_id = await createRoom(node)
  const ask = (user_id: string, visibility: 'private' | 'room' = 'private') =>
    messages.ask(createQuestion(event_id, { user_id, visibility, max_rounds: 1_000 }))
  const aliceQuestions = await runConcurrently(60, () => ask('alice'))
  await runConcurrently(400, (index) => ask(`user-${index % 40}`))
  await runConcurrently(60, () => ask('bob', 'room'))
  await runConcurrently(60, () => ask('alice'))
  await node.pool.query('ANALYZE TABLE messages')

  const audiences = ['all', 'people', 'alice']
  const middlePosition = aliceQuestions.at(-1)?.reply.message.position ?? 0
  const reads = {
    newest: () => timeline.readPage(event_id, audiences, { limit: 20 }),
    middle: () => timeline.readPage(event_id, audiences, { limit: 20, before: middlePosition }),
    after: () => timeline.readPage(event_id, audiences, { limit: 20, after: middlePosition }),
    changes: () => timeline.readChanges(event_id, audiences, middlePosition, 20),
    everything: () => timeline.readChanges(event_id, null, middlePosition, 20),
    session: () => timeline.readSessionPage(aliceQuestions[0]?.session_id ?? '', { limit: 20, before: middlePosition }),
  }
  for (const [name, read] of Object.entries(reads)) {
    t.ok((await countReadRows(node, read)) < 250, `${name}: 20 rows of ${2 * 580}`)
  }
  t.ok((await countReadRows(node, () => replies.takeDue(5, 1_000))) < 4_000, 'the sweep')
})
