import { createBudgetUsageReader, createMysqlStores, type Mysql } from '@engineer-chat/adapters/mysql'
import type { BudgetLimits } from '@engineer-chat/chat/budgets'
import type { ReplyOutcome } from '@engineer-chat/chat/replying'
import type { NewQuestion } from '@engineer-chat/chat/rooms'
import { createId } from '@engineer-chat/chat/shared'
import type { Stores } from '@engineer-chat/chat/stores'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom, runConcurrently } from '../setup.ts'

const ANSWER: ReplyOutcome = { type: 'chat', content: { content: 'Isolate host 7.', finish_reason: 'stop' } }

/** Opens two nodes that share nothing but the database. */
async function startTwoNodes(t: Test, budgets: BudgetLimits) {
  const database = await createMigratedDatabase(t)
  const nodes = [database.openNode(), database.openNode()] as const
  const stores = nodes.map((node) => createMysqlStores(node, { budgets })) as [Stores, Stores]
  return { mysql: nodes[0], getStores: (index: number) => stores[index % 2] as Stores }
}

async function readCounters({ pool }: Mysql) {
  const [rows] = await pool.query<RowDataPacket[]>(
    'SELECT scope, tokens_spent, tokens_held, micros_spent, micros_held FROM spend ORDER BY scope, scope_id',
  )
  return rows
}

const listRefusalCodes = (settled: PromiseSettledResult<unknown>[]) =>
  settled.flatMap((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : []))

test('[SPEND8] of a hundred simultaneous questions over two nodes, ten rooms and thirty users, as many are stored as the budget allows', async (t) => {
  const { mysql, getStores } = await startTwoNodes(t, { all: { tokens: 1_750 } })
  const rooms = await runConcurrently(10, () => createRoom(mysql))
  const ask = (index: number): NewQuestion =>
    createQuestion(rooms[index % 10] ?? '', { user_id: `user-${index % 30}`, reservation: { tokens: 100, micros: 7 } })
  const settled = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) => getStores(index).messages.ask(ask(index))),
  )
  t.equal(settled.filter(({ status }) => status === 'fulfilled').length, 17, '17 times 100 tokens fit into 1,750')
  t.same([...new Set(listRefusalCodes(settled))], ['budget_exceeded'])
  t.match(await readCounters(mysql), [{ scope: 'all', tokens_held: 1_700, tokens_spent: 0, micros_held: 119 }])
  const [[stored]] = await mysql.pool.query<RowDataPacket[]>('SELECT COUNT(*) AS count FROM reservations')
  t.equal(stored?.count, 17)
})

test('[SPEND8] when questions are asked, answered, cancelled, retried and repeated over two nodes, nothing is overspent, lost or left reserved', async (t) => {
  const budgets = { user: { tokens: 400 }, event: { tokens: 3_000 }, all: { tokens: 5_000 } }
  const { mysql, getStores } = await startTwoNodes(t, budgets)
  const rooms = await runConcurrently(2, () => createRoom(mysql))
  let [spent, answered] = [0, 0]

  async function simulateUser(user: number, index: number): Promise<void> {
    const { messages, replies } = getStores(index)
    const user_id = `user-${user}`
    const reservation = { tokens: 100 + (index % 7) * 10, micros: 0 }
    const key = { client_message_id: createId() }
    const question = createQuestion(rooms[index % 2] ?? '', { user_id, reservation, max_rounds: 1_000, ...key })
    const { reply } = await messages.ask(question)
    const { message_id } = reply.message
    // The other node gets the same key. This request must reserve nothing more.
    await getStores(index + 1).messages.ask({ ...question, question_id: createId(), reply_id: createId() })
    const claim = index % 5 === 0 ? undefined : await getStores(index + 1).replies.claim(message_id, 60_000)
    if (!claim) return void (await messages.cancel(user_id, message_id))
    const ref = { message_id, attempt: claim.row.attempt }
    const usedTokens = reservation.tokens - (index % 3) * 20
    await replies.reserve(ref, { tokens: usedTokens, micros: 0 })
    await replies.recordCall({
      ...ref,
      model: 'm',
      outcome: 'ok',
      error_code: null,
      usage: null,
      first_token_ms: 1,
      total_ms: 2,
      spent: { tokens: usedTokens, micros: 0 },
    })
    spent += usedTokens
    answered += 1
    await replies.finish(ref, ANSWER)
    if (index % 4 === 0) {
      await messages.retry(user_id, message_id, () => reservation)
      await messages.cancel(user_id, message_id)
    }
  }

  // Twenty users ask at the same time. Each user asks one question after the other, because a session has one reply at
  // a time.
  const settled = await runConcurrently(20, async (user) => {
    const ended: PromiseSettledResult<void>[] = []
    for (let question = 0; question < 5; question++)
      ended.push(...(await Promise.allSettled([simulateUser(user, user * 7 + question)])))
    return ended
  })
  t.same([...new Set(listRefusalCodes(settled.flat()))], ['budget_exceeded'])
  t.ok(answered > 20 && spent <= 5_000, `${answered} answers used ${spent} tokens`)
  const rows = await readCounters(mysql)
  const filterByScope = (scope: string) => rows.filter((row) => row.scope === scope)
  const sum = (scope: string) => filterByScope(scope).reduce((total, row) => total + row.tokens_spent, 0)
  t.same([sum('all'), sum('event'), sum('user')], [spent, spent, spent])
  t.ok(
    filterByScope('user').every((row) => row.tokens_spent <= 400) &&
      filterByScope('event').every((row) => row.tokens_spent <= 3_000),
  )
  t.ok(
    rows.every((row) => row.tokens_held === 0),
    'nothing is left reserved',
  )
})

test('[SPEND5] retention removes reservations of replies that a process without budgets ended', async (t) => {
  const { mysql, getStores } = await startTwoNodes(t, { all: { tokens: 1_000 } })
  const event_id = await createRoom(mysql)
  const storesWithoutBudgets = createMysqlStores(mysql)
  const ask = () => getStores(0).messages.ask(createQuestion(event_id, { reservation: { tokens: 400, micros: 0 } }))
  const [ended, waiting] = [await ask(), await ask()]
  await storesWithoutBudgets.messages.cancel('alice', ended.reply.message.message_id)
  t.match(await readCounters(mysql), [{ tokens_held: 800 }])
  t.equal(await getStores(1).retention.removeExpired(10), 1)
  t.match(await readCounters(mysql), [{ tokens_held: 400 }])
  t.equal(await getStores(1).retention.removeExpired(10), 0)
  t.ok(await getStores(0).replies.claim(waiting.reply.message.message_id, 1_000))
})

test('[VOICE5] the reservation of a voice call is released an hour after its node died, and not while the call may run', async (t) => {
  const { mysql, getStores } = await startTwoNodes(t, { all: { tokens: 1_000 } })
  const caller = { call_id: createId(), user_id: 'alice', event_id: null }
  await getStores(0).voiceCalls.reserve(caller, { tokens: 400, micros: 0 })
  t.equal(await getStores(1).retention.removeExpired(10), 0)
  await mysql.pool.query('UPDATE reservations SET created_at = NOW(3) - INTERVAL 61 MINUTE')
  t.equal(await getStores(1).retention.removeExpired(10), 1)
  t.match(await readCounters(mysql), [{ tokens_held: 0, tokens_spent: 0 }])
})

test('[VOICE5] of a hundred voice calls over two nodes as many are made as the budget allows, and each is recorded', async (t) => {
  const { mysql, getStores } = await startTwoNodes(t, { all: { tokens: 1_750 } })
  const settled = await Promise.allSettled(
    Array.from({ length: 100 }, async (_, index) => {
      const { voiceCalls } = getStores(index)
      const caller = { call_id: createId(), user_id: `user-${index % 7}`, event_id: null }
      await voiceCalls.reserve(caller, { tokens: 100, micros: 0 })
      const call = { kind: 'speech', model: 'tts-1', outcome: 'ok', size: 7, total_ms: 1.5, cost_micros: 12 } as const
      await voiceCalls.record({ ...caller, ...call, spent: { tokens: 100, micros: 0 } })
    }),
  )
  t.equal(settled.filter(({ status }) => status === 'fulfilled').length, 17, '17 times 100 tokens fit into 1,750')
  t.same([...new Set(listRefusalCodes(settled))], ['budget_exceeded'])
  t.match(await readCounters(mysql), [{ tokens_held: 0, tokens_spent: 1_700 }])
  const [rows] = await mysql.pool.query<RowDataPacket[]>('SELECT * FROM voice_calls')
  t.equal(rows.length, 17)
  t.match(rows[0], { kind: 'speech', model: 'tts-1', outcome: 'ok', size: 7, total_ms: 2, cost_micros: 12 })
})

test('[SPEND9] a call’s record has its cost, the hash of its prompt, and the prompt if it is kept', async (t) => {
  for (const budgets of [{}, { all: { tokens: 1_000 } }]) {
    const { mysql, getStores } = await startTwoNodes(t, budgets)
    const { reply } = await getStores(0).messages.ask(createQuestion(await createRoom(mysql)))
    const call = {
      message_id: reply.message.message_id,
      attempt: 1,
      model: 'm',
      error_code: null,
      first_token_ms: 120.4,
      total_ms: 900.6,
      usage: { prompt_tokens: 10, completion_tokens: 5 },
      outcome: 'ok' as const,
    }
    await getStores(0).replies.recordCall({ ...call, cost_micros: 8_123, prompt_hash: 'abc', prompt: '[]' })
    await getStores(0).replies.recordCall(call)
    const [rows] = await mysql.pool.query<RowDataPacket[]>('SELECT * FROM llm_calls ORDER BY id')
    t.match(rows, [
      { cost_micros: 8_123, prompt_hash: 'abc', prompt: '[]', first_token_ms: 120, total_ms: 901 },
      { cost_micros: null, prompt_hash: null, prompt: null },
    ])
  }
})

test('[METRIC3] the use of each budget is read: the total use, and the highest use of a user and of an event', async (t) => {
  const budgets = { user: { tokens: 1_000 }, event: { micros: 5_000_000 }, all: { tokens: 9_000, micros: 8_000_000 } }
  const { mysql, getStores } = await startTwoNodes(t, budgets)
  const room = await createRoom(mysql)
  for (const [user_id, tokens] of [
    ['alice', 300],
    ['bob', 500],
  ] as const)
    await getStores(0).messages.ask(createQuestion(room, { user_id, reservation: { tokens, micros: 1_500_000 } }))
  t.same(await createBudgetUsageReader(mysql, budgets)(), [
    { scope: 'user', unit: 'tokens', limit: 1_000, used: 500 },
    { scope: 'event', unit: 'money', limit: 5, used: 3 },
    { scope: 'all', unit: 'tokens', limit: 9_000, used: 800 },
    { scope: 'all', unit: 'money', limit: 8, used: 3 },
  ])
})

test('[SPEND11] the spend of a day is removed after the configured days, and the spend of an event never', async (t) => {
  const { mysql, getStores } = await startTwoNodes(t, { all: { tokens: 1 } })
  await mysql.pool.query(`INSERT INTO spend (scope, scope_id, period) VALUES
    ('all', '-', UTC_DATE() - INTERVAL 32 DAY), ('user', 'alice', UTC_DATE() - INTERVAL 32 DAY),
    ('all', '-', UTC_DATE() - INTERVAL 31 DAY), ('event', 'e', 'ever')`)
  const { retention } = getStores(0)
  t.equal(await retention.removeSpend(32, 100), 0)
  t.same([await retention.removeSpend(31, 1), await retention.removeSpend(31, 100)], [1, 1])
  t.match(await readCounters(mysql), [{ scope: 'all' }, { scope: 'event' }])
})
