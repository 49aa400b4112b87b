import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createMysqlStores, openMysql } from '@engineer-chat/adapters/mysql'
import { createId } from '@engineer-chat/chat/shared'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { type Test, test } from 'tap'
import { countUpTo, createMigratedDatabase, createQuestion, createRoom } from '../setup.ts'

const ROOT = new URL('../../../../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

const HOUR_MS = 3_600_000

/** Joins the lines of the query as YAML does. */
function readQuery(): string {
  const text = read('deploy/kubernetes/components/scaling/worker.yaml')
  const [, lines = ''] = /query: >-\n((?: {10}.+\n)+)/.exec(text) ?? []
  return lines.trim().replaceAll(/\n +/g, ' ')
}

/** Reads the statements that create the account of the query from the operator's page. */
const readGrants = (): string[] => read('docs/kubernetes.md').match(/^GRANT [^;]+/gm) ?? []

/** Returns the number of MySQL's error: 1142 means that a table is forbidden, 1143 that a column is. */
const readErrorNumber = (query: Promise<unknown>): Promise<unknown> =>
  query.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && 'errno' in error ? error.errno : error),
  )

/** Counts the rows that the connection has read, by any index or none. */
async function countReads(connection: Connection): Promise<number> {
  const [rows] = await connection.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read_%'")
  return rows
    .filter(({ Variable_name }) => /_(first|key|next|rnd|rnd_next)$/.test(Variable_name))
    .reduce((sum, { Value }) => sum + Number(Value), 0)
}

async function setUp(t: Test) {
  const database = await createMigratedDatabase(t)
  const mysql = database.openNode()
  const user = `keda_${randomBytes(4).toString('hex')}`
  await mysql.pool.query(`CREATE USER ${user}@'%' IDENTIFIED BY 'only-for-tests'`)
  t.teardown(() => mysql.pool.query(`DROP USER ${user}@'%'`))
  for (const grant of readGrants())
    await mysql.pool.query(grant.replace('engineer_chat.', `${database.name}.`).replace("'keda'", `'${user}'`))
  const url = new URL(database.url)
  Object.assign(url, { username: user, password: 'only-for-tests' })
  const keda = openMysql(url.href, { connectionLimit: 1 })
  t.teardown(() => keda.close())
  const connection = await keda.open()
  t.teardown(() => connection.destroy())
  await connection.query("SET time_zone = '+08:00'") // KEDA's connections have the server's time zone.
  const { messages, replies } = createMysqlStores(mysql)
  const event_id = await createRoom(mysql)
  return {
    mysql,
    connection,
    replies,
    ask: async (user_id: string) =>
      (await messages.ask(createQuestion(event_id, { user_id }))).reply.message.message_id,
    count: async () => {
      const [[row]] = await connection.query<RowDataPacket[][]>({ sql: readQuery(), rowsAsArray: true })
      return Number(row?.[0])
    },
  }
}

test('[KUBE6] the query of the backlog counts the replies that workers can write now, and those that they are writing', async (t) => {
  const { ask, count, replies } = await setUp(t)
  t.equal(await count(), 0, 'nothing to do')
  t.ok(read('docs/kubernetes.md').replaceAll(/\s+/g, ' ').includes(readQuery()), 'the page explains this query')

  const aliceReplyId = await ask('alice')
  await ask('alice')
  const bobReplyId = await ask('bob')
  t.equal(await count(), 2, 'a session is answered in order, so its second question waits for the first')

  const claim = await replies.claim(aliceReplyId, HOUR_MS)
  if (!claim) throw new Error('The first reply could not be claimed.')
  t.equal(await count(), 2, 'a reply that is being written is counted, because its worker is needed')

  const models = [createId(), createId()].map((id) => ({ id, isFull: false }))
  const ref = { message_id: aliceReplyId, attempt: claim.row.attempt }
  t.equal(await replies.postpone(ref, { delayMs: HOUR_MS, deadlineMs: 2 * HOUR_MS, models }), 'postponed')
  t.equal(await count(), 1, 'a reply that waits for a busy model is not counted, because more workers would not help')

  const expiredClaim = await replies.claim(bobReplyId, -1) // The lease expired before it began.
  t.ok(expiredClaim)
  t.equal(await count(), 1, 'a reply whose worker died is counted')
})

test('[KUBE6] the account of the query reads no text, and the query reads only the unfinished replies', async (t) => {
  const { ask, count, connection, mysql } = await setUp(t)
  for (const number of countUpTo(200)) await ask(`user-${number}`)
  await mysql.pool.query('UPDATE messages SET due_at = NULL WHERE due_at IS NOT NULL ORDER BY position LIMIT 190')
  const before = await countReads(connection)
  t.equal(await count(), 10)
  const reads = (await countReads(connection)) - before
  t.ok(reads >= 10 && reads < 40, `${reads} reads of rows, of 400`)
  const [plan] = await mysql.pool.query<RowDataPacket[]>(`EXPLAIN ${readQuery()}`)
  const [messagesPlan, postponedPlan] = plan
  t.match(messagesPlan, { table: 'm', key: 'idx_due' })
  t.match(postponedPlan, { table: 'p', key: 'PRIMARY' })
  t.equal(await readErrorNumber(connection.query('SELECT message_content FROM messages')), 1143)
  t.equal(await readErrorNumber(connection.query('SELECT * FROM users')), 1142)
  t.equal(await readErrorNumber(connection.query('UPDATE messages SET due_at = NULL')), 1142)
})
