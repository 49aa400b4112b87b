import { createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import type { MessageStore, NewQuestion } from '@engineer-chat/chat/rooms'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import {
  countUpTo,
  createMigratedDatabase,
  createQuestion,
  createRoom,
  readNumbers,
  runConcurrently,
} from '../setup.ts'

/** Opens two nodes that share nothing but the database. */
async function startTwoNodes(t: Test) {
  const database = await createMigratedDatabase(t)
  const nodes = [database.openNode(), database.openNode()] as const
  const stores = nodes.map((node) => createMysqlStores(node).messages)
  const ask = (index: number, question: NewQuestion) => (stores[index % 2] as MessageStore).ask(question)
  return { node: nodes[0], ask }
}

test('[ASK5] twenty first questions over two nodes share one session', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const event_id = await createRoom(node)
  const results = await runConcurrently(20, (index) => ask(index, createQuestion(event_id, { max_rounds: 20 })))
  t.equal(new Set(results.map((result) => result.session_id)).size, 1)
  t.same(
    results.map((result) => result.round).sort((a, b) => a - b),
    countUpTo(20),
  )
  t.equal(results.filter((result) => result.job !== null).length, 1, 'a session is answered in order')
})

test('[ASK4] of twenty-five concurrent questions over two nodes, a session of ten rounds stores ten', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const event_id = await createRoom(node)
  const settled = await Promise.allSettled(
    Array.from({ length: 25 }, (_, index) => ask(index, createQuestion(event_id))),
  )
  t.equal(settled.filter((outcome) => outcome.status === 'fulfilled').length, 10)
  const codes = settled.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : []))
  t.same([...new Set(codes)], ['session_round_limit'])
  t.same(await readNumbers(node, event_id), { seqs: countUpTo(20), last: 20 })
})

test('[ASK2] if one key races over two nodes and two rooms, its question is stored once', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const rooms = [await createRoom(node), await createRoom(node)] as const
  const settled = await Promise.allSettled(
    Array.from({ length: 20 }, (_, index) => {
      const event_id = rooms[index % 2] as string
      return ask(index, createQuestion(event_id, { client_message_id: 'key', request_hash: event_id }))
    }),
  )
  const stored = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []))
  t.equal(stored.length, 10, 'every request in the room of the stored question gets this question')
  t.equal(stored.filter((result) => result.change !== null).length, 1, 'one request stored it')
  const codes = settled.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : []))
  t.same([...new Set(codes)], ['idempotency_mismatch'])
})

test('[STORE1] three hundred simultaneous questions in one room leave no gap in its sequence numbers', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const [event_id, otherEventId] = [await createRoom(node), await createRoom(node)]
  const results = await runConcurrently(300, (index) =>
    ask(index, createQuestion(event_id, { user_id: `user-${index % 40}` })),
  )
  await runConcurrently(40, (index) => ask(index, createQuestion(otherEventId, { user_id: `user-${index}` })))
  t.same(await readNumbers(node, event_id), { seqs: countUpTo(600), last: 600 })
  t.ok(results.every((result) => result.reply.message.position === result.question.message.position + 1))
  const numbers = results.flatMap(({ change }) => [change?.first_seq ?? 0, change?.seq ?? 0])
  t.same(
    numbers.sort((a, b) => a - b),
    countUpTo(600),
    'each number is published once',
  )
  t.equal(await countBackwardTimes(node, event_id), 0)
})

test('[STORE11] times rise with positions when posts, answers and questions wait for one room', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const event_id = await createRoom(node)
  const { messages } = createMysqlStores(node)
  const post = (index: number) =>
    messages.post({
      message_id: `post-${index}`,
      event_id,
      user_id: 'captain',
      category: 'agent',
      message_from: '_captain',
      message_type: 'command_result',
      content: { content: 'Done.' },
      round_id: 1,
      audience: 'all',
    })
  await runConcurrently(60, async (index) => {
    if (index % 2 === 0) await post(index)
    else await ask(index, createQuestion(event_id, { user_id: `user-${index}` }))
  })
  t.equal(await countBackwardTimes(node, event_id), 0)
})

/** Counts how often a row has an earlier time than the row before it. */
async function countBackwardTimes({ pool }: Mysql, event_id: string): Promise<number> {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT created_at FROM messages WHERE event_id = ? ORDER BY position',
    [event_id],
  )
  return rows.filter((row, index) => row.created_at < rows[index - 1]?.created_at).length
}

test('[STORE13] a row that keeps changing is in every page that should contain it', async (t) => {
  const { node, ask } = await startTwoNodes(t)
  const { timeline, messages } = createMysqlStores(node)
  const event_id = await createRoom(node)
  const { reply } = await ask(0, createQuestion(event_id, { visibility: 'room' }))
  const { message_id } = reply.message
  let isChanging = true
  const changes = (async () => {
    for (let change = 0; change < 150; change += 1) {
      await messages.cancel('alice', message_id)
      await messages.retry('alice', message_id)
    }
    isChanging = false
  })()
  while (isChanging) {
    for (const audiences of [['all', 'people'], null]) {
      const found = await timeline.readChanges(event_id, audiences, 0, 10)
      const row = found?.rows.find(({ message }) => message.message_id === message_id)
      if (!found || !row || row.message.seq > found.seq) t.fail(`left out at ${found?.seq}`)
    }
  }
  await changes
  t.pass('never left out')
})
