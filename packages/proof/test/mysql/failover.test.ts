import { join } from 'node:path'
import { type Server, startMysql } from '@engineer-chat/local-stack'
import { findMariadb } from '@engineer-chat/local-stack/testing'
import { startFixture, waitUntil } from '@engineer-chat/proof'
import type { RowDataPacket } from 'mysql2'
import { type Connection, createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { connectWithLimitedAccount } from './limited-account.ts'
import { waitForReadyStatus } from './readiness.ts'
import { openRelay, readPort, replacePort } from './relay.ts'
import { MANY_ROUNDS, proveAcceptedQuestions, startSenders } from './senders.ts'

t.setTimeout(240_000) // The test starts a whole product with two MySQL servers.

const skip = findMariadb() ? false : 'MariaDB is not installed, and MySQL does not know these options and statements'

const BINARY_LOG = ['--sync-binlog=1', '--binlog-format=ROW', '--gtid-domain-id=0']
const PRIMARY = ['--server-id=1', '--log-bin=primary', '--rpl-semi-sync-master-wait-point=AFTER_SYNC', ...BINARY_LOG]
const REPLICA = ['--server-id=2', '--log-bin=replica', '--log-slave-updates', '--read-only=1', ...BINARY_LOG]

t.test(
  '[MYSQL5] after a failover to the semi-synchronous replica, every accepted question is stored and answered',
  { skip },
  async (t) => {
    const { primary, replica, relay } = await startReplicatedServers(t)
    const fixture = await startFixture({
      apis: 2,
      workers: 2,
      env: MANY_ROUNDS,
      startMysql: async () => primary.server,
      connectMysql: async (mysql) => replacePort(await connectWithLimitedAccount(mysql), relay.port),
    })
    t.teardown(() => fixture.stop())
    await waitUntil('the replica has the tables', () => isCaughtUp(primary.admin, replica.admin))
    // With a timeout of an hour the primary does not change back to asynchronous replication during the test.
    await primary.admin.query('SET GLOBAL rpl_semi_sync_master_timeout = 3600000, rpl_semi_sync_master_enabled = 1')
    const senders = await startSenders(fixture, 'failover')
    await senders.waitForMoreAccepted(8)

    await replica.admin.query('STOP SLAVE IO_THREAD')
    // Without an acknowledgement by the replica no write commits, so no process is ready.
    await waitForReadyStatus(fixture, 503, 10_000)
    await replica.admin.query('START SLAVE IO_THREAD')
    await waitForReadyStatus(fixture, 200)
    await senders.waitForMoreAccepted(4)

    await replica.admin.query('STOP SLAVE IO_THREAD')
    await waitUntil('a commit waits for the replica', () => hasWaitingCommit(primary.admin))
    await primary.server.kill()
    const lastReceived = await promote(replica.admin)
    relay.switchTo(readPort(replica.server.url))
    await waitForReadyStatus(fixture, 200)
    await senders.waitForMoreAccepted(8)
    await proveAcceptedQuestions(t, fixture, senders, replica.server.url)

    await primary.server.restart()
    const lastWritten = await readBinaryLogEnd(primary.server)
    t.ok(
      lastWritten > lastReceived,
      `${lastWritten - lastReceived} transactions were only on the failed server, and were not accepted`,
    )
  },
)

interface ReplicatedServer {
  server: Server
  admin: Connection
}

/** Starts a primary, a replica that follows it, and a relay that forwards to the primary. */
async function startReplicatedServers(t: Test) {
  const folder = t.testdir()
  const start = async (name: string, serverArgs: string[]): Promise<ReplicatedServer> => {
    const server = await startMysql({ dataDir: join(folder, name), serverArgs })
    t.teardown(() => server.stop())
    const admin = await createConnection(server.url)
    admin.on('error', () => undefined) // The primary is killed.
    t.teardown(() => admin.destroy())
    return { server, admin }
  }
  const [primary, replica] = await Promise.all([start('primary', PRIMARY), start('replica', REPLICA)])
  const { username, password, port } = new URL(primary.server.url)
  await replica.admin.query('SET GLOBAL rpl_semi_sync_slave_enabled = 1')
  await replica.admin.query(
    `CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = ?, MASTER_USER = ?, MASTER_PASSWORD = ?,
       MASTER_USE_GTID = slave_pos, MASTER_CONNECT_RETRY = 1`,
    [Number(port), username, password],
  )
  await replica.admin.query('START SLAVE')
  return { primary, replica, relay: await openRelay(t, Number(port)) }
}

async function isCaughtUp(primary: Connection, replica: Connection): Promise<boolean> {
  const [[source]] = await primary.query<RowDataPacket[]>('SHOW MASTER STATUS')
  const [[status]] = await replica.query<RowDataPacket[]>('SHOW SLAVE STATUS')
  return status?.Exec_Master_Log_Pos === source?.Position && status?.Slave_IO_Running === 'Yes'
}

async function hasWaitingCommit(primary: Connection): Promise<boolean> {
  const [[row]] = await primary.query<RowDataPacket[]>("SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_wait_sessions'")
  return Number(row?.Value) > 0
}

/**
 * Waits until the replica has applied all transactions that it has received, and makes it the primary. Returns the
 * number of the last of these transactions.
 */
async function promote(replica: Connection): Promise<number> {
  const position = await waitUntil('the replica has applied everything that it has received', async () => {
    const [[status]] = await replica.query<RowDataPacket[]>('SHOW SLAVE STATUS')
    return status?.Exec_Master_Log_Pos === status?.Read_Master_Log_Pos && String(status?.Gtid_IO_Pos)
  })
  await replica.query('STOP SLAVE')
  await replica.query('RESET SLAVE ALL')
  await replica.query('SET GLOBAL read_only = 0')
  return toTransactionNumber(position)
}

async function readBinaryLogEnd({ url }: Server): Promise<number> {
  const connection = await createConnection(url)
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT @@gtid_binlog_pos AS position')
  await connection.end()
  return toTransactionNumber(String(row?.position))
}

/** Reads the last part of a GTID of MariaDB, which is `domain-server-number`. */
const toTransactionNumber = (position: string): number => Number(position.split('-').at(-1))
