import { startFixture, waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import t from 'tap'
import { toLimitedAccountUrl } from '../tls-servers.ts'
import { connectWithLimitedAccount } from './limited-account.ts'
import { listLines, waitForLine, waitForReadyStatus } from './readiness.ts'
import { MANY_ROUNDS, proveAcceptedQuestions, startSenders } from './senders.ts'

t.setTimeout(240_000) // The test starts a whole product with its own MySQL.

// These are error numbers of MySQL.
const READ_ONLY = 1290
const TOO_MANY_CONNECTIONS = 1040
const DEADLOCK = 1213
/** Neither MariaDB nor MySQL accepts a lower limit of connections. */
const MAX_CONNECTIONS = 10
/** The tests' MySQL starts with this limit. */
const USUAL_MAX_CONNECTIONS = 500
const MIN_DEADLOCKS = 12

t.test('a product whose MySQL refuses statements or connections', async (t) => {
  const fixture = await startFixture({ apis: 2, workers: 2, env: MANY_ROUNDS, connectMysql: connectWithLimitedAccount })
  t.teardown(() => fixture.stop())
  const admin = await createConnection(fixture.product.mysql.url)
  t.teardown(() => admin.end())
  const limitedUrl = toLimitedAccountUrl(fixture.product.mysql.url)

  t.test(
    '[MYSQL1] while MySQL is read-only, /readyz is 503; afterwards questions are accepted without a restart',
    async (t) => {
      const senders = await startSenders(fixture, 'read-only')
      await senders.waitForMoreAccepted(4)
      // The tests after this one write to MySQL, even if this one fails.
      t.teardown(() => admin.query('SET GLOBAL read_only = 0'))
      await admin.query('SET GLOBAL read_only = 1')
      await senders.waitForRefusals(4)
      await waitForReadyStatus(fixture, 503)
      t.match(await waitForLine(fixture, READ_ONLY, 'api', 'request_unavailable'), {
        error: { code: 'ER_OPTION_PREVENTS_STATEMENT' },
      })
      await waitForLine(fixture, READ_ONLY, 'api', 'mysql_lost')
      await waitForLine(fixture, READ_ONLY, 'worker', 'chore_failed')
      await admin.query('SET GLOBAL read_only = 0')
      await waitForReadyStatus(fixture, 200)
      await senders.waitForMoreAccepted(8)
      t.equal(listLines(fixture, 'api', 'mysql_back').length, 2, 'each of the two nodes logs it once')
      await proveAcceptedQuestions(t, fixture, senders)
    },
  )

  t.test(
    '[MYSQL2] while MySQL has no free connection, /readyz is 503; afterwards questions are accepted',
    async (t) => {
      const senders = await startSenders(fixture, 'connections')
      await senders.waitForMoreAccepted(4)
      const otherConnections = await Promise.all(
        Array.from({ length: MAX_CONNECTIONS }, () => createConnection(limitedUrl)),
      )
      t.teardown(() => otherConnections.map((connection) => connection.destroy()))
      t.teardown(() => admin.query('SET GLOBAL max_connections = ?', [USUAL_MAX_CONNECTIONS]))
      await admin.query('SET GLOBAL max_connections = ?', [MAX_CONNECTIONS])
      await killConnections(
        admin,
        otherConnections.map(({ threadId }) => threadId),
      )
      await senders.waitForRefusals(4)
      await waitForReadyStatus(fixture, 503)
      t.match(await waitForLine(fixture, TOO_MANY_CONNECTIONS, 'api', 'request_unavailable'), {
        error: { code: 'ER_CON_COUNT_ERROR' },
      })
      await waitForLine(fixture, TOO_MANY_CONNECTIONS, 'worker', 'chore_failed')
      await admin.query('SET GLOBAL max_connections = ?', [USUAL_MAX_CONNECTIONS])
      for (const connection of otherConnections) connection.destroy()
      await waitForReadyStatus(fixture, 200)
      await senders.waitForMoreAccepted(8)
      await proveAcceptedQuestions(t, fixture, senders)
    },
  )

  t.test(
    '[MYSQL3] a transaction that MySQL ends because of a deadlock runs again, and its question is stored once',
    async (t) => {
      const deadlocksBefore = await countDeadlocks(admin)
      await admin.query('CREATE TABLE IF NOT EXISTS filler (id INT AUTO_INCREMENT PRIMARY KEY)')
      const senders = await startSenders(fixture, 'deadlocks')
      await senders.waitForMoreAccepted(8)
      // Not every call makes a deadlock: sometimes the product's transaction has not yet locked an event.
      while ((await countDeadlocks(admin)) - deadlocksBefore < MIN_DEADLOCKS) await makeDeadlock(admin)
      await senders.waitForMoreAccepted(8)
      await proveAcceptedQuestions(t, fixture, senders)
      const deadlocks = (await countDeadlocks(admin)) - deadlocksBefore
      t.ok(deadlocks >= MIN_DEADLOCKS, `${deadlocks} deadlocks`)
      const refusals = listLines(fixture, 'api', 'request_unavailable').filter(({ error }) => error?.errno === DEADLOCK)
      t.same(refusals, [], 'no question was refused, because no transaction was ended five times')
    },
  )
})

/** Ends every connection of the product's account except those in `keptIds`, which are the test's own. */
async function killConnections(admin: Connection, keptIds: Array<number | undefined>): Promise<void> {
  const [rows] = await admin.query<RowDataPacket[]>(
    "SELECT id FROM information_schema.processlist WHERE user = 'app' AND id NOT IN (?)",
    [keptIds],
  )
  // A connection may be closed already.
  for (const { id } of rows) await admin.query('KILL ?', [id]).catch(() => undefined)
}

async function countDeadlocks(admin: Connection): Promise<number> {
  const [[row]] = await admin.query<RowDataPacket[]>(
    "SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
  )
  return Number(row?.count)
}

/**
 * Locks sessions before events, while the product locks events first. This transaction also inserts many rows, so that
 * the server chooses to end the transaction of the product.
 */
async function makeDeadlock(admin: Connection): Promise<void> {
  await admin.query('BEGIN')
  await admin.query('INSERT INTO filler SELECT NULL FROM information_schema.columns LIMIT 500')
  await admin.query('SELECT session_id FROM chat_sessions FOR UPDATE')
  await waitUntil('the product waits for a session', async () => {
    const [[row]] = await admin.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'")
    return Number(row?.Value) > 0
  })
  await admin.query('SELECT event_id FROM events FOR UPDATE')
  await admin.query('ROLLBACK')
}
