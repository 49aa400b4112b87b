import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startMysql } from '@engineer-chat/local-stack'
import { startFixture, waitUntil } from '@engineer-chat/proof'
import { type Connection, createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { listLines, waitForReadyStatus } from './readiness.ts'
import { MANY_ROUNDS, proveAcceptedQuestions, startSenders } from './senders.ts'

t.setTimeout(240_000) // The test starts a whole product with its own MySQL.

/** This is MySQL's error number for a table or a disk without space. */
const TABLE_IS_FULL = 1114
/** This text makes questions large, so that they soon need new pages of a table. */
const PADDING = Array.from({ length: 1_000 }, (_, number) => `word${number}`).join(' ')

/** Describes the space for the data of a MySQL server, which the test fills and frees. */
interface Disk {
  serverArgs: string[]
  /** Holds the data of the server; the product chooses a folder if it is left out. */
  folder?: string
  fill(admin: Connection): Promise<void>
  free(mysql: Server): Promise<void>
}

t.test(
  '[MYSQL6] while the disk is full, /readyz is 503; when there is space again, questions are accepted',
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-small-disk-'))
    t.teardown(() => rmSync(folder, { recursive: true }))
    if (!mountSmallDisk(folder)) {
      t.pass('the disk is full', { skip: 'this user may not mount a small file system' })
      return
    }
    const filler = join(folder, 'filler')
    try {
      await proveFullDisk(t, 'disk', {
        serverArgs: [],
        folder,
        fill: () => fillDisk(filler),
        free: async () => rmSync(filler),
      })
    } finally {
      spawnSync('umount', [folder])
    }
  },
)

t.test(
  '[MYSQL6] while a tablespace is at its limit, /readyz is 503; when there is space again, questions are accepted',
  async (t) => {
    await proveFullDisk(t, 'tablespace', {
      // All tables share one file, which may grow from 12 MiB to 48 MiB.
      serverArgs: ['--innodb-file-per-table=0', '--innodb-data-file-path=ibdata1:12M:autoextend:max:48M'],
      fill: fillTablespace,
      free: freeTablespace,
    })
  },
)

async function proveFullDisk(t: Test, keyPrefix: string, disk: Disk): Promise<void> {
  const { serverArgs, folder } = disk
  const fixture = await startFixture({
    apis: 2,
    workers: 1,
    env: MANY_ROUNDS,
    startMysql: (dataDir) => startMysql({ dataDir: folder ? join(folder, 'data') : dataDir, serverArgs }),
  })
  const { mysql } = fixture.product
  const admin = await createConnection(mysql.url)
  admin.on('error', () => undefined) // The server may end itself.
  const supervisor = supervise(mysql)
  try {
    const senders = await startSenders(fixture, keyPrefix, PADDING)
    await senders.waitForMoreAccepted(4)
    await disk.fill(admin)
    await senders.waitForRefusals(4)
    await waitForReadyStatus(fixture, 503)
    const isErrorLogged = () => listLines(fixture, 'any process').some(({ error }) => error?.errno === TABLE_IS_FULL)
    await waitUntil(
      'a log line has the error number, or the server has ended',
      () => isErrorLogged() || supervisor.restarts > 0,
    )
    await waitUntil('space is freed', () =>
      disk.free(mysql).then(
        () => true,
        () => false,
      ),
    )
    await senders.waitForMoreAccepted(8)
    await waitForReadyStatus(fixture, 200)
    await proveAcceptedQuestions(t, fixture, senders)
  } finally {
    admin.destroy()
    supervisor.stop()
    await fixture.stop()
    t.comment(`the server ended itself ${supervisor.restarts} times`)
  }
}

/**
 * Restarts the server when it ends, as a service manager does. MariaDB ends itself when the rollback of a refused
 * statement finds no space.
 */
function supervise(mysql: Server) {
  let isStopped = false
  const supervisor = {
    restarts: 0,
    stop: () => {
      isStopped = true
    },
  }
  const restartUntilStopped = async () => {
    for (;;) {
      await mysql.exited
      if (isStopped) return
      supervisor.restarts += 1
      await mysql.restart().catch(() => undefined) // The server may not start while the disk is full.
    }
  }
  void restartUntilStopped()
  return supervisor
}

/** Mounts a file system of 160 MiB instead of filling the machine's disk. Returns false if this user may not mount. */
function mountSmallDisk(folder: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder]).status === 0
}

/** Writes to the file until the disk has no space for a further chunk. */
async function fillDisk(file: string): Promise<void> {
  const stream = createWriteStream(file)
  const failed = once(stream, 'error')
  const chunk = Buffer.alloc(65_536)
  const write = () =>
    stream.write(chunk, (error) => {
      if (!error) write()
    })
  write()
  await failed
}

/** Doubles a table until it does not fit, then adds fewer rows at a time until even ten rows do not fit. */
async function fillTablespace(admin: Connection): Promise<void> {
  await admin.query('CREATE TABLE filler (id INT AUTO_INCREMENT PRIMARY KEY, text CHAR(250))')
  await admin.query("INSERT INTO filler (text) VALUES (REPEAT('x', 250))")
  for (const limit of [1_000_000, 1_000, 10]) {
    const tryInsert = () =>
      admin.query(`INSERT INTO filler (text) SELECT text FROM filler LIMIT ${limit}`).then(
        () => true,
        () => false,
      )
    while (await tryInsert());
  }
}

async function freeTablespace({ url }: Server): Promise<void> {
  const admin = await createConnection(url)
  await admin.query('DROP TABLE filler')
  await admin.end()
}
