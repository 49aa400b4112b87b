import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Server, startMysql } from '@engineer-chat/local-stack'
import { startFixture, waitUntil } from '@engineer-chat/proof'
import { type Connection, createConnection } from 'mysql2/promise'
import t, { type Test } from 'tap'
import { listLines, waitForReadiness } from './readiness.ts'
import { provePromises, ROUNDS, startSenders } from './senders.ts'

t.setTimeout(240_000) // A whole product runs on a server of its own.

const TABLE_IS_FULL = 1114
/** Large questions soon need new pages of a table. The words differ, because the model repeats them in its answer. */
const PADDING = Array.from({ length: 1_000 }, (_, number) => `word${number}`).join(' ')

interface Disk {
  serverArgs: string[]
  /** Is where the server keeps its data; without it, the product chooses. */
  folder?: string
  fill(admin: Connection): Promise<void>
  free(mysql: Server): Promise<void>
}

t.test('[MYSQL6] a full disk is 503, and space that is made is found', async (t) => {
  const folder = mountSmallDisk()
  if (folder === undefined) return t.comment('not run: this user may not mount a small file system')
  const ballast = join(folder, 'ballast')
  try {
    await proveFullDisk(t, 'disk', {
      serverArgs: [],
      folder,
      fill: () => fillDisk(ballast),
      free: async () => rmSync(ballast),
    })
  } finally {
    spawnSync('umount', [folder])
    rmSync(folder, { recursive: true })
  }
})

t.test('[MYSQL6] so is a tablespace that has reached its limit', async (t) => {
  await proveFullDisk(t, 'tablespace', {
    serverArgs: ['--innodb-file-per-table=0', '--innodb-data-file-path=ibdata1:12M:autoextend:max:48M'],
    fill: fillTablespace,
    free: freeTablespace,
  })
})

async function proveFullDisk(t: Test, name: string, disk: Disk): Promise<void> {
  const { serverArgs, folder } = disk
  const fixture = await startFixture({
    ...{ apis: 2, workers: 1, env: ROUNDS },
    startMysql: (dataDir) => startMysql({ dataDir: folder ? join(folder, 'data') : dataDir, serverArgs }),
  })
  const { mysql } = fixture.product
  const admin = await createConnection(mysql.url)
  admin.on('error', () => undefined) // The server may end itself.
  const supervisor = supervise(mysql)
  try {
    const senders = await startSenders(fixture, name, PADDING)
    await senders.waitForMore(4)
    await disk.fill(admin)
    await senders.waitForRefusals(4)
    await waitForReadiness(fixture, 503)
    const hasLine = () => listLines(fixture, 'any').some(({ error }) => error?.errno === TABLE_IS_FULL)
    await waitUntil('a line has the code, or the server has ended', () => hasLine() || supervisor.restarts > 0)
    await waitUntil('space is made', () =>
      disk.free(mysql).then(
        () => true,
        () => false,
      ),
    )
    await senders.waitForMore(8)
    await waitForReadiness(fixture, 200)
    await provePromises(t, fixture, senders)
  } finally {
    admin.destroy()
    supervisor.stop()
    await fixture.stop()
    t.comment(`the server ended itself ${supervisor.restarts} times`)
  }
}

/**
 * Starts the server again when it ends, as a service manager does: MariaDB ends itself where the rollback of a refused
 * statement needs room, too.
 */
function supervise(mysql: Server) {
  let isStopped = false
  const supervisor = {
    restarts: 0,
    stop: () => {
      isStopped = true
    },
  }
  const run = async () => {
    for (;;) {
      await mysql.exited
      if (isStopped) return
      supervisor.restarts += 1
      await mysql.restart().catch(() => undefined) // While the disk is full it may not start.
    }
  }
  void run()
  return supervisor
}

/** Mounts a file system of its own, which the whole machine does not notice when it is full. */
function mountSmallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'engineer-chat-small-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', folder])
  return mounted.status === 0 ? folder : undefined
}

async function fillDisk(file: string): Promise<void> {
  const stream = createWriteStream(file)
  const failed = once(stream, 'error')
  const chunk = Buffer.alloc(65_536)
  const write = () => stream.write(chunk, (error) => error ?? write())
  write()
  await failed
}

/** Doubles a table until it does not fit, then goes on with fewer rows. */
async function fillTablespace(admin: Connection): Promise<void> {
  await admin.query('CREATE TABLE ballast (id INT AUTO_INCREMENT PRIMARY KEY, text CHAR(250))')
  await admin.query("INSERT INTO ballast (text) VALUES (REPEAT('x', 250))")
  for (const limit of [1_000_000, 1_000, 10]) {
    const grow = () => admin.query(`INSERT INTO ballast (text) SELECT text FROM ballast LIMIT ${limit}`)
    while (await grow().then(Boolean, () => false));
  }
}

async function freeTablespace({ url }: Server): Promise<void> {
  const admin = await createConnection(url)
  await admin.query('DROP TABLE ballast')
  await admin.end()
}
