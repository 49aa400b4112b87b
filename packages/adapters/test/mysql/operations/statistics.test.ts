import { createMysqlStores } from '@engineer-chat/adapters/mysql'
import { sumReplyStats, toAnalyticsFigures } from '@engineer-chat/chat/operations'
import type { RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { createMigratedDatabase, createQuestion, createRoom, runConcurrently } from '../setup.ts'

async function setUp(t: Test) {
  const database = await createMigratedDatabase(t)
  const mysql = database.openNode(1)
  const stores = createMysqlStores(mysql)
  const room = await createRoom(mysql)
  const ask = (user_id = 'alice') => stores.messages.ask(createQuestion(room, { user_id, max_rounds: 1_000 }))
  /** Makes all existing questions this number of days older. */
  const makeOlder = (days: number) =>
    mysql.pool.query('UPDATE messages SET created_at = created_at - INTERVAL ? DAY', [days])
  /** Makes all existing counts of days this number of days older. */
  const passDays = (days: number) =>
    mysql.pool.query('UPDATE chat_days SET updated_at = updated_at - INTERVAL ? DAY', [days])
  const listDays = async () =>
    (await stores.statistics.listDays('2000-01-01', '2999-12-31')).map(({ models, ...day }) => ({
      ...day,
      replies: toAnalyticsFigures(sumReplyStats(models.map(({ stats }) => stats))).replies,
    }))
  return { database, mysql, ...stores, ask, makeOlder, passDays, listDays }
}

test('[STATS2] each day since the first question is counted, and settled days are not counted again', async (t) => {
  const { statistics, mysql, ask, makeOlder, listDays } = await setUp(t)
  await ask()
  await ask('bob')
  await makeOlder(4)
  await ask()
  await makeOlder(1)
  await ask()
  t.equal(await statistics.updateDayStats(2), 6)
  t.same(
    (await listDays()).map(({ replies, people }) => [replies, people]),
    [
      [2, 2],
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ],
  )
  t.equal(await statistics.updateDayStats(2), 3, 'today and the two days before')
  t.equal(await statistics.updateDayStats(0), 1, 'the days that have ended are settled')
  await mysql.pool.query('DELETE FROM messages WHERE created_at < NOW() - INTERVAL 4 DAY')
  await statistics.updateDayStats(2)
  t.equal((await listDays())[0]?.replies, 2, 'the chats are gone, and the statistics stay')
})

test('[STATS2] a day that was last counted before its end is counted once more, even if it is long ago', async (t) => {
  const { statistics, ask, makeOlder, passDays, mysql, listDays } = await setUp(t)
  await ask()
  await statistics.updateDayStats(0)
  await ask()
  await makeOlder(9)
  await passDays(9)
  await mysql.pool.query('UPDATE chat_days SET day = day - INTERVAL 9 DAY')
  t.equal(await statistics.updateDayStats(0), 10)
  t.equal((await listDays())[0]?.replies, 2)
})

test('[STATS2] if several workers count at the same time, each day has one count', async (t) => {
  const { database, ask, listDays } = await setUp(t)
  await runConcurrently(5, () => ask())
  await ageByThreeDays(database.openNode(1))
  const nodes = await runConcurrently(4, async () => createMysqlStores(database.openNode(2)).statistics)
  await runConcurrently(4, async (index) => nodes[index]?.updateDayStats(2))
  t.same(
    (await listDays()).map(({ replies }) => replies),
    [5, 0, 0, 0],
  )
})

const ageByThreeDays = ({ pool }: ReturnType<Awaited<ReturnType<typeof createMigratedDatabase>>['openNode']>) =>
  pool.query('UPDATE messages SET created_at = created_at - INTERVAL 3 DAY')

test('[STATS3] counting a day reads the rows of that day, and a list of days reads only the days', async (t) => {
  const { statistics, mysql, ask, makeOlder } = await setUp(t)
  const countReadRows = async (work: () => Promise<unknown>): Promise<number> => {
    await mysql.pool.query('FLUSH STATUS')
    await work()
    const [counters] = await mysql.pool.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'")
    return counters.reduce((sum, { Value }) => sum + Number(Value), 0)
  }
  await runConcurrently(500, (index) => ask(`user-${index}`))
  await makeOlder(1)
  await ask()
  await statistics.updateDayStats(0)
  t.ok((await countReadRows(() => statistics.updateDayStats(0))) < 250, 'of 1002 rows')
  t.ok((await countReadRows(() => statistics.listDays('2000-01-01', '2999-12-31'))) < 20)
})

test('[STATS2] the sums of a day are stored under names that other versions read and write', async (t) => {
  const { mysql, statistics, ask } = await setUp(t)
  const { reply } = await ask()
  await mysql.pool.query(
    "INSERT INTO llm_calls (message_id, attempt, model, model_id, outcome, total_ms) VALUES (?, 1, 'm', 'local', 'ok', 1)",
    [reply.message.message_id],
  )
  await statistics.updateDayStats(0)
  const [[stored]] = await mysql.pool.query<RowDataPacket[]>("SELECT figures FROM chat_days WHERE model = '*'")
  t.same(stored?.figures.calls, {
    local: { made: 1, failed: 0, cancelled: 0, prompt_tokens: 0, completion_tokens: 0, priced: 0, cost_micros: 0 },
  })
})
