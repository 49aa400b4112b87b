import { startFixture, waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import t from 'tap'
import { toOwnAccountUrl } from '../tls-servers.ts'
import { connectByOwnAccount } from './own-account.ts'
import { listLines, waitForLine, waitForReadiness } from './readiness.ts'
import { provePromises, ROUNDS, startSenders } from './senders.ts'

t.setTimeout(240_000) // A whole product runs on a server of its own.

const READ_ONLY = 1290
const TOO_MANY_CONNECTIONS = 1040
const DEADLOCK = 1213
/** Neither server goes below this. */
const CONNECTIONS = 10

t.test('MySQL answers and refuses', async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 2, env: ROUNDS, connectMysql: connectByOwnAccount })
  t.teardown(() => fixture.stop())
  const admin = await createConnection(fixture.product.mysql.url)
  t.teardown(() => admin.end())
  const ownUrl = toOwnAccountUrl(fixture.product.mysql.url)

  t.test('[MYSQL1] a read-only server is 503, and its end is found without a restart', async (t) => {
    const senders = await startSenders(fixture, 'read-only')
    await senders.waitForMore(4)
    t.teardown(() => admin.query('SET GLOBAL read_only = 0')) // The other tests need it also after a failure.
    await admin.query('SET GLOBAL read_only = 1')
    await senders.waitForRefusals(4)
    await waitForReadiness(fixture, 503)
    t.match(await waitForLine(fixture, READ_ONLY, 'api', 'request_unavailable'), {
      error: { code: 'ER_OPTION_PREVENTS_STATEMENT' },
    })
    await waitForLine(fixture, READ_ONLY, 'api', 'mysql_lost')
    await waitForLine(fixture, READ_ONLY, 'worker', 'chore_failed')
    await admin.query('SET GLOBAL read_only = 0')
    await waitForReadiness(fixture, 200)
    await senders.waitForMore(8)
    t.equal(listLines(fixture, 'api', 'mysql_back').length, 2)
    await provePromises(t, fixture, senders)
  })

  t.test('[MYSQL2] without a free connection it is 503, until others give theirs back', async (t) => {
    const senders = await startSenders(fixture, 'connections')
    await senders.waitForMore(4)
    const others = await Promise.all(Array.from({ length: CONNECTIONS }, () => createConnection(ownUrl)))
    t.teardown(() => others.map((other) => other.destroy()))
    t.teardown(() => admin.query('SET GLOBAL max_connections = 500'))
    await admin.query('SET GLOBAL max_connections = ?', [CONNECTIONS])
    await killConnections(
      admin,
      others.map(({ threadId }) => threadId),
    )
    await senders.waitForRefusals(4)
    await waitForReadiness(fixture, 503)
    t.match(await waitForLine(fixture, TOO_MANY_CONNECTIONS, 'api', 'request_unavailable'), {
      error: { code: 'ER_CON_COUNT_ERROR' },
    })
    await waitForLine(fixture, TOO_MANY_CONNECTIONS, 'worker', 'chore_failed')
    await admin.query('SET GLOBAL max_connections = 500')
    for (const other of others) other.destroy()
    await waitForReadiness(fixture, 200)
    await senders.waitForMore(8)
    await provePromises(t, fixture, senders)
  })

  t.test('[MYSQL3] a deadlock’s victim runs again, and is accepted once', async (t) => {
    const before = await countDeadlocks(admin)
    await admin.query('CREATE TABLE IF NOT EXISTS ballast (id INT AUTO_INCREMENT PRIMARY KEY)')
    const senders = await startSenders(fixture, 'deadlocks')
    await senders.waitForMore(8)
    for (let made = 0; made < 12; made++) await makeDeadlock(admin)
    await senders.waitForMore(8)
    await provePromises(t, fixture, senders)
    const deadlocks = (await countDeadlocks(admin)) - before
    t.ok(deadlocks >= 12, `${deadlocks} deadlocks`)
    const givenUp = listLines(fixture, 'api', 'request_unavailable').filter(({ error }) => error?.errno === DEADLOCK)
    t.same(givenUp, [], 'no victim was ended five times')
  })
})

/** Ends every connection of the product, but none of these. */
async function killConnections(admin: Connection, spared: Array<number | undefined>): Promise<void> {
  const [rows] = await admin.query<RowDataPacket[]>(
    "SELECT id FROM information_schema.processlist WHERE user = 'app' AND id NOT IN (?)",
    [spared],
  )
  for (const { id } of rows) await admin.query('KILL ?', [id]).catch(() => undefined) // It may have ended by itself.
}

async function countDeadlocks(admin: Connection): Promise<number> {
  const [[row]] = await admin.query<RowDataPacket[]>(
    "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
  )
  return Number(row?.count)
}

/**
 * Locks sessions before their rooms, which the product does the other way round. Its many rows make this transaction
 * the heavier one, so that the server ends the product's.
 */
async function makeDeadlock(admin: Connection): Promise<void> {
  await admin.query('BEGIN')
  await admin.query('INSERT INTO ballast SELECT NULL FROM information_schema.columns LIMIT 500')
  await admin.query('SELECT session_id FROM chat_sessions FOR UPDATE')
  await waitUntil('the product waits for a session', async () => {
    const [[row]] = await admin.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")
    return Number(row?.Value) > 0
  })
  await admin.query('SELECT event_id FROM events FOR UPDATE')
  await admin.query('ROLLBACK')
}
